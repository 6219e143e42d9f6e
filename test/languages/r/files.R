directory <- tempfile("files")
dir.create(directory)
for (name in c("alpha", "beta", "with space")) {
  writeLines(c(name, "line two"), file.path(directory, paste0(name, ".txt")))
}
# %%
list.files(directory, pattern = "\\.txt$")
# %%
table <- data.frame(name = c("Ada", "Kōji"), note = c('said "hello", twice', NA))
path <- file.path(directory, "table.csv")
write.csv(table, path, row.names = FALSE)
cat(readLines(path), sep = "\n")
# %%
identical(read.csv(path), table)
# %%
connection <- file(file.path(directory, "alpha.txt"), "r")
readLines(connection, 1)
# %%
# An open file is as open in the next cell.
readLines(connection, 1)
# %%
close(connection)
saveRDS(list(1, "two", table), file.path(directory, "values.rds"))
str(readRDS(file.path(directory, "values.rds"))[[3]]$name)
# %%
unlink(directory, recursive = TRUE)
dir.exists(directory)
