// Counts words, and keeps the counts for later cells.
struct entry { char word[20]; int count; };
struct entry entries[50];
int used = 0;
struct entry *find(const char *word) {
  for (int i = 0; i < used; ++i)
    if (strcmp(entries[i].word, word) == 0) return &entries[i];
  strncpy(entries[used].word, word, sizeof entries[used].word - 1);
  return &entries[used++];
}
// %%
char text[] = "the quick brown fox jumps over the lazy dog the end";
for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) find(word)->count++;
used
// %%
int by_count(const void *left, const void *right) {
  return ((const struct entry *)right)->count - ((const struct entry *)left)->count;
}
qsort(entries, used, sizeof entries[0], by_count);
*find("the")
// %%
for (int i = 0; i < 1; ++i) printf("%-6s %d\n", entries[i].word, entries[i].count);
