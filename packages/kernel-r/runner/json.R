# Values as JSON, as `jsonlite` writes them by default with auto_unbox: vectors of one are scalars, data frames are records.

json_text <- function(text) {
  text <- enc2utf8(as.character(text))
  text <- gsub("\\", "\\\\", text, fixed = TRUE)
  text <- gsub("\"", "\\\"", text, fixed = TRUE)
  for (special in list(c("\n", "\\n"), c("\r", "\\r"), c("\t", "\\t"))) {
    text <- gsub(special[[1L]], special[[2L]], text, fixed = TRUE)
  }
  for (code in grep_control(text)) text <- gsub(intToUtf8(code), sprintf("\\u%04x", code), text, fixed = TRUE)
  paste0("\"", text, "\"")
}

grep_control <- function(text) {
  found <- unlist(regmatches(text, gregexpr("[\001-\010\013\014\016-\037]", text)))
  unique(vapply(found, utf8ToInt, 0L))
}

# Each element of a vector, as a JSON value of its own.
json_elements <- function(vector) {
  if (is.factor(vector)) vector <- as.character(vector)
  if (inherits(vector, "POSIXt")) vector <- format(vector, "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")
  if (is.logical(vector)) {
    elements <- ifelse(vector, "true", "false")
  } else if (is.numeric(vector) && !inherits(vector, c("Date", "difftime"))) {
    elements <- json_numbers(vector)
  } else if (is.list(vector)) {
    return(vapply(vector, to_json, ""))
  } else if (is.complex(vector) || is.raw(vector) || !is.character(vector)) {
    elements <- json_text(format(vector))
  } else {
    elements <- json_text(vector)
  }
  elements[is.na(vector)] <- "null"
  elements
}

json_numbers <- function(vector) {
  if (inherits(vector, "integer64")) return(as.character(vector))
  numbers <- as.double(vector)
  text <- vapply(numbers, function(number) {
    # As few digits as give the same number back.
    short <- formatC(number, digits = 15L, width = -1L, format = "g")
    if (is.finite(number) && as.double(short) != number) formatC(number, digits = 17L, width = -1L, format = "g") else short
  }, "", USE.NAMES = FALSE)
  text[!is.finite(numbers)] <- "null"
  text
}

json_object <- function(names, values) paste0("{", paste0(json_text(names), ":", values, collapse = ","), "}")

json_records <- function(frame) {
  if (nrow(frame) == 0L) return("[]")
  if (length(frame) == 0L) return(paste0("[", paste(rep("{}", nrow(frame)), collapse = ","), "]"))
  columns <- lapply(frame, function(column) {
    if (is.data.frame(column) || is.matrix(column)) {
      vapply(seq_len(nrow(frame)), function(row) to_json(column[row, , drop = TRUE]), "")
    } else {
      json_elements(column)
    }
  })
  cells <- Map(function(name, column) paste0(json_text(name), ":", column), names(frame), columns)
  paste0("[", paste0("{", do.call(paste, c(unname(cells), sep = ",")), "}", collapse = ","), "]")
}

to_json <- function(value) {
  if (inherits(value, "json")) return(paste(value, collapse = ""))
  if (is.null(value)) return("null")
  if (is.data.frame(value)) return(json_records(value))
  if (is.environment(value)) value <- mget(sort(ls(value)), envir = value)
  if (is.function(value) || is.language(value)) return(json_text(paste(deparse(value), collapse = "\n")))
  if (is.matrix(value)) {
    rows <- apply(value, 1L, function(row) to_json(I(unname(row))), simplify = TRUE)
    return(paste0("[", paste(rows, collapse = ","), "]"))
  }
  elements <- if (isS4(value)) json_text(class(value)) else json_elements(value)
  if (!is.null(names(value)) && is.list(value)) {
    return(if (length(value) == 0L) "{}" else json_object(names(value), elements))
  }
  # `I()` keeps a vector of one a list, as `jsonlite` has it.
  if (length(elements) == 1L && !is.list(value) && !inherits(value, "AsIs")) return(elements)
  paste0("[", paste(elements, collapse = ","), "]")
}
