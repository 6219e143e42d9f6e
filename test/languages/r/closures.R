make_counter <- function(start = 0) {
  count <- start
  function() {
    count <<- count + 1
    count
  }
}
tick <- make_counter()
tock <- make_counter(40)
# %%
cat(tick(), tock(), "\n")
# %%
cat(tick(), tock(), tick(), "\n")
# %%
compose <- function(...) Reduce(function(f, g) function(x) g(f(x)), list(...))
slug <- compose(trimws, tolower, \(text) gsub("\\W+", "-", text))
slug("  Hello, Big World ")
# %%
Map(function(f, x) f(x), list(sqrt, abs, rev), list(16, -3, 1:3)) |> str()
# %%
account <- setRefClass("Account", fields = list(balance = "numeric"), methods = list(
  deposit = function(amount) {
    balance <<- balance + amount
    invisible(.self)
  }
))
mine <- account$new(balance = 10)
# %%
mine$deposit(5)$deposit(1)$balance
# %%
same <- mine
same$deposit(100)
mine$balance
