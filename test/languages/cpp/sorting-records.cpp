struct Employee {
  std::string name;
  int age;
  double salary;
};
std::vector<Employee> employees{{"Grace", 45, 5200.5}, {"Alan", 41, 4100}, {"Ada", 36, 6100.25}};
// %%
std::ranges::sort(employees, {}, &Employee::age);
employees
// %%
std::ranges::sort(employees, std::greater{}, &Employee::salary);
for (auto &[name, age, salary] : employees) std::println("{:<6}|{:>3}|{:>9.2f}", name, age, salary);
// %%
auto oldest = std::ranges::max_element(employees, {}, &Employee::age);
*oldest
// %%
std::map<bool, std::vector<std::string>> groups;
for (auto &employee : employees) groups[employee.age > 40].push_back(employee.name);
groups
