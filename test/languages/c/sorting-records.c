typedef struct { const char *name; int age; double salary; } Employee;
Employee employees[] = {{"Grace", 45, 5200.5}, {"Alan", 41, 4100}, {"Ada", 36, 6100.25}};
enum { COUNT = sizeof employees / sizeof employees[0] };
COUNT
// %%
int by_age(const void *left, const void *right) { return ((const Employee *)left)->age - ((const Employee *)right)->age; }
qsort(employees, COUNT, sizeof(Employee), by_age);
employees
// %%
int by_name(const void *left, const void *right) { return strcmp(((const Employee *)left)->name, ((const Employee *)right)->name); }
qsort(employees, COUNT, sizeof(Employee), by_name);
for (int i = 0; i < COUNT; ++i) printf("%-6s|%3d|%9.2f\n", employees[i].name, employees[i].age, employees[i].salary);
// %%
Employee key = {.name = "Alan"};
*(Employee *)bsearch(&key, employees, COUNT, sizeof(Employee), by_name)
