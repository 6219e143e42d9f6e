// A whole program, as it stands in books.
#include <iostream>
#include <vector>

bool isPrime(int n) {
  for (int d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return n > 1;
}

int main() {
  std::vector<int> primes;
  for (int n = 0; n < 30; ++n)
    if (isPrime(n)) primes.push_back(n);
  for (int p : primes) std::cout << p << ' ';
  std::cout << std::endl;
}
// %%
isPrime(97)
// %%
int main(int argc, char **argv) { std::printf("%d %s\n", argc, argv[0]); }
