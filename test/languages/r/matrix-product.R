a <- matrix(1:6, nrow = 2, byrow = TRUE)
b <- matrix(c(7, 8, 9, 10, 11, 12), nrow = 3, byrow = TRUE)
# %%
a %*% b
# %%
multiply <- function(a, b) {
  stopifnot(ncol(a) == nrow(b))
  result <- matrix(0, nrow(a), ncol(b))
  for (i in seq_len(nrow(a))) for (j in seq_len(ncol(b))) result[i, j] <- sum(a[i, ] * b[, j])
  result
}
identical(multiply(a, b), a %*% b)
# %%
m <- matrix(c(2, 1, 1, 3), 2)
solve(m, c(3, 5))
# %%
det(m)
# %%
cat(t(a), "\n")
apply(a, 1, sum)
