auto make_counter(int start) {
  return [count = start]() mutable { return count++; };
}
auto counter = make_counter(5);
counter();
counter()
// %%
int factor = 3;
auto scale = [&](int n) { return n * factor; };
scale(7)
// %%
factor = 10;
std::vector<int> numbers{1, 2, 3, 4};
std::transform(numbers.begin(), numbers.end(), numbers.begin(), scale);
numbers
// %%
auto compose = [](auto outer, auto inner) { return [=](auto value) { return outer(inner(value)); }; };
compose([](int n) { return std::to_string(n) + "!"; }, scale)(4)
// %%
int squares = std::accumulate(numbers.begin(), numbers.end(), 0, [](int sum, int n) { return sum + n * n; });
squares
