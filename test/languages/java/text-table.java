Map<String, Double> cities = new LinkedHashMap<>();
cities.put("Oslo", -3.5);
cities.put("Lima", 19.0);
cities.put("Kyoto", 8.25);
// %%
cities.forEach((city, degrees) -> System.out.println(String.format(Locale.ROOT, "%-6s%7.2f|", city, degrees)));
// %%
String html = cities.entrySet().stream().map(entry -> "<td>" + entry.getKey() + "</td>").collect(Collectors.joining("", "<tr>", "</tr>"));
html
// %%
System.out.println("=".repeat(10) + Integer.toHexString(48879) + " " + Integer.toBinaryString(10) + " " + (char) 0x65E5);
System.err.println("to stderr");
System.out.println("to stdout");
// %%
"%s is %d years and %.1f %% old".formatted("Ada", 36, 12.34)
