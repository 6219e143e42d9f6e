Supplier<Integer> counter(int start) {
    int[] count = {start};
    return () -> ++count[0];
}
var tick = counter(0);
var tock = counter(40);
// %%
System.out.println(tick.get() + " " + tock.get());
// %%
System.out.println(tick.get() + " " + tock.get() + " " + tick.get());
// %%
Function<String, String> slug = ((Function<String, String>) String::strip).andThen(String::toLowerCase)
    .andThen(text -> text.replaceAll("\\W+", "-"));
slug.apply("  Hello, Big World ")
// %%
var primes = IntStream.iterate(2, n -> n + 1)
    .filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> n % d == 0)).iterator();
// %%
// An iterator that is half used goes on in the next cell.
for (int i = 0; i < 5; i++) System.out.print(primes.next() + " ");
// %%
for (int i = 0; i < 5; i++) System.out.print(primes.next() + " ");
System.out.println();
// %%
BinaryOperator<Integer> op = Math::max;
Stream.of(3, 9, 4).reduce(op)
