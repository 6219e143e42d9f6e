log := `2024-02-28 23:59:01 INFO  started
2024-02-29 00:00:13 ERROR disk full
2024-02-29 00:01:00 INFO  stopped`
line := regexp.MustCompile(`(?m)^(?P<day>\S+) (?P<time>\S+) (?P<level>\w+)\s+(.*)$`)
len(line.FindAllString(log, -1))
// %%
for _, found := range line.FindAllStringSubmatch(log, -1) {
	fmt.Println(found[line.SubexpIndex("level")], "|", found[4])
}
// %%
dates := regexp.MustCompile(`(\d{4})-(\d\d)-(\d\d)`)
dates.ReplaceAllString("from 2024-02-28 to 2024-02-29", "$3.$2.$1")
// %%
upper := regexp.MustCompile(`\b\w`).ReplaceAllStringFunc("the quick brown fox", strings.ToUpper)
upper
// %%
regexp.MustCompile(`\s*[,;]\s*`).Split("a, b;c ,d", -1)
// %%
_, err := regexp.Compile(`(`)
err
