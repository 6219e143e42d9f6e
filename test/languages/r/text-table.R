rows <- list(c("item", "price"), c("tea", "3.50"), c("cake, plain", "14.99"))
width <- do.call(pmax, lapply(rows, nchar))
# %%
for (row in rows) cat("|", formatC(row[1], width = -width[1]), "|", formatC(row[2], width = width[2]), "|\n")
# %%
cat(strrep("=", 10), sprintf("%05.1f", pi), sprintf("%x", 255L), format(TRUE), "\n")
# %%
formatC(c(1, 10, 100), width = 6, format = "d", flag = "0")
# %%
cat(strwrap("R was made for statistics, and its text functions are older than they look.", width = 40), sep = "\n")
# %%
message("to stderr")
cat("to stdout\n")
# %%
as.hexmode(48879)
