// Counts words, and keeps the counts for later cells.
std::string text = "the quick brown fox jumps over the lazy dog the end";
std::map<std::string, int> counts;
std::istringstream words(text);
for (std::string word; words >> word;) ++counts[word];
// %%
counts["the"]
// %%
std::vector<std::pair<std::string, int>> ranked(counts.begin(), counts.end());
std::ranges::stable_sort(ranked, std::greater{}, &std::pair<std::string, int>::second);
for (auto &[word, count] : ranked | std::views::take(3)) std::println("{:>6} {}", word, count);
// %%
ranked.resize(2);
ranked
