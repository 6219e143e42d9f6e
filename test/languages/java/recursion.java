long hanoi(int disks, char from, char to, char via) {
    return disks == 0 ? 0 : hanoi(disks - 1, from, via, to) + 1 + hanoi(disks - 1, via, to, from);
}
hanoi(16, 'A', 'C', 'B')
// %%
// Each calls the other, which comes after it.
boolean isEven(int n) { return n == 0 || isOdd(n - 1); }
boolean isOdd(int n) { return n != 0 && isEven(n - 1); }
isEven(1000)
// %%
Map<Integer, java.math.BigInteger> known = new HashMap<>();
BigInteger fib(int n) {
    if (n < 2) return BigInteger.valueOf(n);
    BigInteger before = known.get(n);
    if (before != null) return before;
    BigInteger value = fib(n - 1).add(fib(n - 2));
    known.put(n, value);
    return value;
}
fib(90)
// %%
known.size()
// %%
void permute(String done, String rest) {
    if (rest.isEmpty()) System.out.print(done + " ");
    for (int i = 0; i < rest.length(); i++) permute(done + rest.charAt(i), rest.substring(0, i) + rest.substring(i + 1));
}
permute("", "abc");
System.out.println();
// %%
int endless(int n) { return endless(n + 1) + 1; }
try {
    endless(0);
} catch (StackOverflowError error) {
    System.out.println("too deep");
}
// %%
fib(10)
