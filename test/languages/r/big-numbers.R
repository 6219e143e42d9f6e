# Digits in vectors, least first: R's own numbers end at 2^53.
add <- function(a, b) {
  length <- max(length(a), length(b)) + 1
  sum <- c(a, rep(0, length - length(a))) + c(b, rep(0, length - length(b)))
  carry(sum)
}
carry <- function(digits) {
  for (i in seq_along(digits)) {
    if (digits[i] > 9) {
      if (i == length(digits)) digits <- c(digits, 0)
      digits[i + 1] <- digits[i + 1] + digits[i] %/% 10
      digits[i] <- digits[i] %% 10
    }
  }
  while (length(digits) > 1 && digits[length(digits)] == 0) digits <- digits[-length(digits)]
  digits
}
text <- function(digits) paste(rev(digits), collapse = "")
# %%
a <- b <- 1
for (i in 3:100) {
  following <- add(a, b)
  a <- b
  b <- following
}
text(b)
# %%
times <- function(digits, factor) {
  result <- digits * factor
  repeat {
    before <- result
    result <- carry(result)
    if (identical(before, result)) return(result)
  }
}
factorial_digits <- Reduce(times, 1:30, 1)
text(factorial_digits)
# %%
nchar(text(Reduce(times, rep(2, 200), 1)))
# %%
2^53 == 2^53 + 1
# %%
format(2^60, big.mark = ",", scientific = FALSE)
