void hanoi(int disks, char from, char to, char over, int &moves) {
  if (disks == 0) return;
  hanoi(disks - 1, from, over, to, moves);
  ++moves;
  hanoi(disks - 1, over, to, from, moves);
}
int moves = 0;
hanoi(10, 'a', 'c', 'b', moves);
moves
// %%
constexpr int ackermann(int m, int n) {
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}
ackermann(2, 3)
// %%
std::function<int(int)> fibonacci = [](int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); };
std::vector<int> first;
for (int n = 0; n < 10; ++n) first.push_back(fibonacci(n));
first
// %%
// It calls itself, in its new version.
int depth(int n) { return n == 0 ? 0 : 1 + depth(n - 1); }
depth(1000)
