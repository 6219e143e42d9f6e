# Errors as the host wants them: name, message, line of the cell, and traceback.

most_frames <- 40L
longest_call <- 120L

# The calls that were running when an error was signalled, from the cell's own on.
running_calls <- function(calls) {
  names <- vapply(calls, function(call) if (is.name(call[[1L]])) as.character(call[[1L]]) else "", "")
  # `cell_value`, and the two of `eval`.
  first <- match("cell_value", names) + 3L
  if (is.na(first) || first > length(calls)) return(NULL)
  calls <- calls[seq.int(first, length(calls))]
  names <- names[seq.int(first, length(names))]
  # What signals an error, and handlers, know where the code was, but are not the user's.
  signals <- which(names %in% c(".handleSimpleError", ".signalSimpleWarning"))
  end <- if (length(signals) > 0L) signals[[max(1L, length(signals) - sum(names[signals] == ".signalSimpleWarning"))]] else length(calls)
  list(all = calls, shown = calls[seq_len(max(0L, end - 1L))])
}

error_fields <- function(condition, calls, source, line) {
  # A message that was translated from bytes may not be text; an object of the user's may fail to tell what it is.
  message <- tryCatch(paste(conditionMessage(condition), collapse = "\n"), error = function(error) "")
  name <- class(condition)[[1L]]
  references <- lapply(calls$all, attr, "srcref")
  here <- Filter(function(reference) is_reference_to(reference, source), references)
  if (length(here) > 0L) line <- here[[length(here)]][[1L]]
  c(name, clean(message), as.character(line), clean(paste(traceback_lines(name, message, condition, calls$shown), collapse = "\n")))
}

parse_error_fields <- function(condition, name) {
  message <- conditionMessage(condition)
  pattern <- "^[^\n]*?:([0-9]+):[0-9]+: "
  line <- regmatches(message, regexec(pattern, message, perl = TRUE))[[1L]][2L]
  message <- sub(pattern, "", message, perl = TRUE)
  c("parseError", clean(message), if (is.na(line)) "" else line, clean(paste0("parseError: ", message)))
}

is_reference_to <- function(reference, source) !is.null(reference) && identical(attr(reference, "srcfile"), source)

traceback_lines <- function(name, message, condition, calls) {
  call <- users_call(condition)
  first <- paste0(name, if (!is.null(call)) paste(" in", call_text(call)), ": ", message)
  count <- length(calls)
  numbers <- if (count > most_frames) c(seq_len(most_frames %/% 2L), seq.int(count - most_frames %/% 2L + 1L, count)) else seq_len(count)
  lines <- vapply(numbers, function(number) {
    reference <- attr(calls[[number]], "srcref")
    file <- if (!is.null(reference)) attr(reference, "srcfile")$filename
    at <- if (!is.null(file) && nzchar(file)) paste0(" at ", file, ":", reference[[1L]])
    paste0("  ", number, ": ", call_text(calls[[number]]), at)
  }, "")
  if (count > most_frames) lines <- append(lines, sprintf("  … %d calls", count - most_frames), most_frames %/% 2L)
  # The innermost call first, as R's own traceback has it.
  c(first, rev(lines))
}

# The call that a condition came from; at top level there is none, but the one of ours that runs it.
users_call <- function(condition) {
  call <- tryCatch(conditionCall(condition), error = function(error) NULL)
  if (is.null(call) || identical(call, quote(eval(expression, globalenv())))) NULL else call
}

call_text <- function(call) {
  text <- trimws(deparse(call, nlines = 1L, width.cutoff = 120L)[[1L]])
  if (nchar(text) > longest_call) paste0(substr(text, 1L, longest_call), "…") else text
}

# Without the codes for colours that packages put in.
clean <- function(text) gsub("\033\\[[0-9;]*[A-Za-z]", "", enc2utf8(text))
