record Employee(String name, String team, double pay) {}
List<Employee> staff = List.of(new Employee("Ada", "red", 52), new Employee("Bob", "blue", 40), new Employee("Cy", "red", 52),
    new Employee("Dee", "blue", 61.5), new Employee("Eve", "red", 38));
// %%
staff.stream().sorted(Comparator.comparingDouble(Employee::pay).reversed().thenComparing(Employee::name)).map(Employee::name).toList()
// %%
new TreeMap<>(staff.stream().collect(Collectors.groupingBy(Employee::team, Collectors.averagingDouble(Employee::pay))))
// %%
enum Band { LOW, HIGH }
Band band(Employee employee) { return employee.pay() < 50 ? Band.LOW : Band.HIGH; }
var byBand = new EnumMap<Band, List<String>>(Band.class);
for (Employee employee : staff) byBand.computeIfAbsent(band(employee), key -> new ArrayList<>()).add(employee.name());
byBand
// %%
// The limit moves; what asks for it is asked again.
Band band(Employee employee) { return employee.pay() < 55 ? Band.LOW : Band.HIGH; }
staff.stream().filter(employee -> band(employee) == Band.HIGH).count()
// %%
staff.stream().mapToDouble(Employee::pay).summaryStatistics()
