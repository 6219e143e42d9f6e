class Big {
 public:
  Big(unsigned value = 0) : digits{value} { carry(); }
  Big &operator*=(unsigned factor) {
    for (auto &digit : digits) digit *= factor;
    carry();
    return *this;
  }
  friend Big operator+(Big left, const Big &right) {
    left.digits.resize(std::max(left.digits.size(), right.digits.size()));
    for (std::size_t i = 0; i < right.digits.size(); ++i) left.digits[i] += right.digits[i];
    left.carry();
    return left;
  }
  friend std::ostream &operator<<(std::ostream &out, const Big &big) {
    out << big.digits.back();
    for (auto digit = big.digits.rbegin() + 1; digit != big.digits.rend(); ++digit) out << std::setw(9) << std::setfill('0') << *digit;
    return out;
  }
 private:
  void carry() {
    std::uint64_t over = 0;
    for (auto &digit : digits) {
      digit += over;
      over = digit / 1'000'000'000;
      digit %= 1'000'000'000;
    }
    if (over) digits.push_back(over);
  }
  std::vector<std::uint64_t> digits;
};
// %%
Big factorial = 1;
for (unsigned n = 2; n <= 50; ++n) factorial *= n;
factorial
// %%
Big a = 0, b = 1;
for (int i = 0; i < 200; ++i) a = std::exchange(b, a + b);
std::cout << a << "\n";
// %%
unsigned __int128 power = 1;
for (int i = 0; i < 100; ++i) power *= 2;
power
