int moves = 0;
void hanoi(int disks, char from, char to, char over) {
  if (disks == 0) return;
  hanoi(disks - 1, from, over, to);
  ++moves;
  hanoi(disks - 1, over, to, from);
}
hanoi(10, 'a', 'c', 'b');
moves
// %%
int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
ackermann(2, 3)
// %%
// Each calls the other, which is defined in a later cell.
int is_odd(int n);
int is_even(int n) { return n == 0 ? 1 : is_odd(n - 1); }
int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }
is_even(10) && !is_even(7)
// %%
int endless(int n) { return endless(n + 1) + 1; }
endless(0)
