# Standard input. R's own `stdin()` is the file of the program that it runs, and `readline()` asks only where R is interactive.

input <- NULL

take_over_input <- function() {
  replace_base("stdin", function() {
    if (is.null(input)) input <<- file("stdin", "r")
    input
  })
  replace_base("readline", function(prompt = "") {
    emit("prompt", prompt, "echo")
    line <- readLines(stdin(), 1L, warn = FALSE)
    if (length(line) == 0L) "" else line
  })
}

# The debugger would read its commands from the program of ours that R runs.
replace_browser <- function() {
  replace_base("browser", function(...) warning("there is no console for browser() here", call. = FALSE))
}

# What was read ahead, and an end of file, belong to the cell that met them.
forget_input <- function() {
  if (!is.null(input)) close(input)
  input <<- NULL
}
