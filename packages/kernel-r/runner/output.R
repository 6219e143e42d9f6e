# R writes each piece to its descriptor at once. What is left to do is the order between the two.

# Makes what R's own functions write to stderr keep its place among what is written to stdout.
order_stderr <- function() {
  for (name in c("cat", "writeLines")) {
    original <- get(name, envir = baseenv())
    connection <- as.name(if (name == "cat") "file" else "con")
    body(original) <- as.call(c(as.list(body(original)), bquote(if (.(is_stderr)(.(connection))) .(sync)())))
    replace_base(name, original)
  }
}

is_stderr <- function(connection) inherits(connection, "terminal") && unclass(connection)[[1L]] == 2L

replace_base <- function(name, value) {
  unlockBinding(name, baseenv())
  assign(name, value, envir = baseenv())
  lockBinding(name, baseenv())
}

write_stderr <- function(text) {
  base::cat(text, file = stderr())
  invisible()
}

cell_warnings <- list()
last_warnings <- NULL

# A warning that nobody handled, as soon as it comes. R itself would wait for the end of a call at top level, which never comes here.
tell_warning <- function(condition) {
  level <- getOption("warn", 0)
  # R makes an error of it.
  if (level >= 2) return(invisible())
  if (level >= 0) {
    call <- users_call(condition)
    message <- conditionMessage(condition)
    cell_warnings[[length(cell_warnings) + 1L]] <<- stats::setNames(list(call), message)
    where <- if (is.null(call)) "Warning: " else paste0("Warning in ", call_text(call), ": ")
    write_stderr(paste0(where, message, "\n"))
  }
  tryInvokeRestart("muffleWarning")
}

# `warnings()` is about the newest cell that had any.
keep_warnings <- function() {
  if (length(cell_warnings) > 0L) last_warnings <<- unlist(cell_warnings, recursive = FALSE)
  cell_warnings <<- list()
}

replace_warnings <- function() {
  replace_base("warnings", function(...) {
    if (length(last_warnings) > 0L) structure(last_warnings, dots = list(...), class = "warnings")
  })
}
