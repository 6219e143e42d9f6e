String text = """
    It was the best of times, it was the worst of times,
    it was the age of wisdom, it was the age of foolishness""";
var words = Arrays.stream(text.toLowerCase().split("[^a-z]+")).filter(word -> !word.isEmpty()).toList();
// %%
Map<String, Long> counts = words.stream().collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
counts
// %%
counts.entrySet().stream()
    .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
    .limit(3)
    .forEach(entry -> System.out.printf("%-4s %d%n", entry.getKey(), entry.getValue()));
// %%
words.size()
