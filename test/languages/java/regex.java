import java.util.regex.MatchResult;
Pattern line = Pattern.compile("(?<date>\\d{4}-\\d\\d-\\d\\d) (?<level>[A-Z]+) (?<text>.*)");
List<String> log = List.of("2024-02-29 ERROR disk full", "2024-03-01 INFO ok", "2024-03-02 ERROR net: eth0");
// %%
for (String entry : log) {
    Matcher matcher = line.matcher(entry);
    if (matcher.matches() && matcher.group("level").equals("ERROR")) {
        System.out.println(matcher.group("date") + ": " + matcher.group("text"));
    }
}
// %%
"ada@home, bob@work".replaceAll("(\\w+)@(\\w+)", "$2 at $1")
// %%
Pattern.compile("\\d+").matcher("a1b22c333").results().map(MatchResult::group).toList()
// %%
Pattern.compile("(?U)\\b\\p{L}").matcher("über die brücke").replaceAll(match -> match.group().toUpperCase())
// %%
"camelCaseName".split("(?<=[a-z])(?=[A-Z])")
// %%
Pattern.compile("(unclosed")
