record Person(String name, int born, List<String> tags) {}
var people = List.of(new Person("Ada", 1815, List.of("maths", "poetry")), new Person("Kōji \"K\"", 1935, List.of()));
// %%
String toJson(Object value) {
    if (value instanceof String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
    if (value instanceof List<?> list) {
        return list.stream().map(element -> toJson(element)).collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
        return map.entrySet().stream()
            .map(entry -> toJson(entry.getKey()) + ":" + toJson(entry.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    }
    return String.valueOf(value);
}
// %%
for (Person person : people) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", person.name());
    fields.put("century", (person.born() - 1) / 100 + 1);
    fields.put("tags", person.tags());
    System.out.println(toJson(fields));
}
// %%
toJson(Arrays.asList(1, null, true, Map.of("k", 1.5)))
// %%
people.get(0)
