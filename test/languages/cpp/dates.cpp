using namespace std::chrono;
auto start = 2024y / February / 28d;
sys_days(start) + days(2) == sys_days(2024y / March / 1d)
// %%
for (int year = 2023; year <= 2025; ++year) std::println("{} {}", year, std::chrono::year(year).is_leap() ? "leap" : "common");
// %%
auto between = sys_days(2024y / December / 24d) - sys_days(start);
between.count()
// %%
std::format("{:%A, %d %B %Y}", sys_days(2000y / January / 1d))
