text <- "It was the best of times, it was the worst of times,
it was the age of wisdom, it was the age of foolishness"
words <- unlist(strsplit(tolower(text), "[^a-z]+"))
# %%
counts <- sort(table(words), decreasing = TRUE)
head(names(counts)[order(-counts, names(counts))], 4)
# %%
for (word in c("it", "times", "age")) cat(sprintf("%-6s %d\n", word, counts[[word]]))
# %%
sum(counts)
# %%
rle(sort(nchar(names(counts))))$lengths
