hanoi <- function(n, from = "A", to = "C", via = "B") {
  if (n == 0) return(0)
  hanoi(n - 1, from, via, to) + 1 + hanoi(n - 1, via, to, from)
}
hanoi(10)
# %%
ackermann <- function(m, n) {
  if (m == 0) return(n + 1)
  if (n == 0) return(ackermann(m - 1, 1))
  ackermann(m - 1, ackermann(m, n - 1))
}
ackermann(2, 5)
# %%
fib <- local({
  known <- c(1, 1)
  function(n) {
    if (n > length(known)) known[n] <<- fib(n - 1) + fib(n - 2)
    known[n]
  }
})
fib(80)
# %%
permutations <- function(x) {
  if (length(x) <= 1) return(list(x))
  do.call(c, lapply(seq_along(x), function(i) lapply(permutations(x[-i]), function(p) c(x[i], p))))
}
vapply(permutations(c("a", "b", "c")), paste, "", collapse = "")
# %%
# So deep that R gives up, and what was before is still there.
endless <- function(n) endless(n + 1) + 1
tryCatch(endless(1), error = function(e) cat("too deep\n"))
# %%
fib(10)
