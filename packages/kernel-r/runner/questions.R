# What is asked beside cells.

answer <- function(frame) {
  fields <- tryCatch(
    switch(frame[[1L]],
      complete = complete(frame[[2L]], as.integer(frame[[3L]])),
      inspect = inspect(frame[[2L]], as.integer(frame[[3L]]), frame[[4L]] == "1"),
      check = check(frame[[2L]]),
      variables = variables(),
      NULL
    ),
    # Objects of the user's may fail to tell what they are.
    error = function(error) character()
  )
  if (!is.null(fields)) do.call(emit, c("answer", as.list(fields)))
}

# The text before a position in bytes.
text_before <- function(code, position) {
  text <- rawToChar(charToRaw(code)[seq_len(position)])
  Encoding(text) <- "UTF-8"
  text
}

complete <- function(code, position) {
  before <- text_before(code, position)
  line <- sub("^.*\n", "", before)
  utils <- asNamespace("utils")
  utils$.assignLinebuffer(line)
  utils$.assignEnd(nchar(line))
  token <- utils$.guessTokenFromLine()
  utils$.completeToken()
  matches <- utils$.retrieveCompletions()
  c(position - nchar(token, "bytes"), position, matches)
}

inspect <- function(code, position, detailed) {
  before <- text_before(code, position)
  rest <- sub("\n.*$", "", substring(code, nchar(before) + 1L))
  pattern <- "[[:alnum:]._]*"
  name <- paste0(regmatches(before, regexpr(paste0(pattern, "$"), before)), regmatches(rest, regexpr(paste0("^", pattern), rest)))
  if (!nzchar(name)) return(character())
  help <- help_text(name)
  if (!exists(name, envir = globalenv())) return(if (is.null(help)) character() else c("text/plain", help))
  value <- get(name, envir = globalenv())
  what <- if (!is.function(value)) {
    utils::capture.output(utils::str(value))
  } else if (detailed || is.null(help)) {
    utils::capture.output(print(value))
  } else {
    sub("^function ", paste0(name, " <- function"), utils::capture.output(print(args(value)))[[1L]])
  }
  c("text/plain", paste(c(what, if (is.function(value)) c("", help)), collapse = "\n"))
}

help_text <- function(name) {
  found <- utils::help((name), help_type = "text")
  if (length(found) == 0L) return(NULL)
  page <- utils:::.getHelpFile(found[[1L]])
  text <- utils::capture.output(tools::Rd2txt(page, options = list(underline_titles = FALSE)))
  # Bold is written as a letter over itself.
  paste(gsub("_\b", "", text), collapse = "\n")
}

check <- function(code) {
  message <- tryCatch({
    parse(text = code)
    NULL
  }, error = conditionMessage)
  if (is.null(message)) return("complete")
  if (grepl("unexpected end of input|unexpected INCOMPLETE_STRING", message)) c("incomplete", "  ") else "invalid"
}

variables <- function() {
  rows <- lapply(ls(globalenv()), function(name) {
    # To look at an active binding is to run it.
    if (bindingIsActive(as.name(name), globalenv())) return(c(name, "active binding", "", ""))
    value <- get(name, envir = globalenv())
    c(name, class(value)[[1L]], short_text(value), format(utils::object.size(value)[[1L]], scientific = FALSE))
  })
  unlist(rows)
}

short_text <- function(value) {
  if (is.character(value) && length(value) == 1L || is.numeric(value) && length(value) == 1L) return(substr(value_text(value), 1L, 200L))
  lines <- utils::capture.output(utils::str(value, give.attr = FALSE, max.level = 0L, vec.len = 3L))
  substr(trimws(lines[[1L]]), 1L, 200L)
}
