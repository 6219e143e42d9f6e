text := `It was the best of times, it was the worst of times,
it was the age of wisdom, it was the age of foolishness`
words := regexp.MustCompile(`\w+`).FindAllString(strings.ToLower(text), -1)
len(words)
// %%
counts := map[string]int{}
for _, word := range words {
	counts[word]++
}
// %%
type entry struct {
	word  string
	count int
}

func ranked(counts map[string]int) []entry {
	var entries []entry
	for word, count := range counts {
		entries = append(entries, entry{word, count})
	}
	sort.Slice(entries, func(i, j int) bool {
		if entries[i].count != entries[j].count {
			return entries[i].count > entries[j].count
		}
		return entries[i].word < entries[j].word
	})
	return entries
}
// %%
for _, e := range ranked(counts)[:4] {
	fmt.Printf("%-5s %s %d\n", e.word, strings.Repeat("#", e.count), e.count)
}
// %%
counts["age"]
