# What is shown of values.

longest_json <- 1048576L
most_table_rows <- 1000L
most_html_rows <- 60L
most_html_columns <- 50L

# A value in the formats that it has: MIME types and content, in turn. Empty: it shows nothing (or drew itself).
bundle <- function(value) {
  text <- value_text(value)
  if (inherits(value, c("html", "shiny.tag", "shiny.tag.list"))) {
    return(c("text/plain", text, "text/html", paste(as.character(value), collapse = "\n")))
  }
  if (inherits(value, "json")) return(c("text/plain", text, "application/json", to_json(value)))
  if (!nzchar(text)) return(character())
  formats <- c("text/plain", text)
  if (is.character(value) && length(value) == 1L && is.null(attributes(value)) && !is.na(value)) {
    return(c(formats, "application/vnd.kernelbox.string", enc2utf8(value)))
  }
  if (is.data.frame(value)) {
    # Whatever kind of data frame it is, with the base's own `[`.
    value <- as.data.frame(value)
    return(c(formats, "text/html", html_table(value), "application/vnd.dataresource+json", data_resource(value)))
  }
  if (is.list(value) && !is.object(value)) {
    # What cannot be told as JSON (an object of somebody's that fails to tell what it is) is told as text alone.
    json <- tryCatch(to_json(value), error = function(error) NULL)
    if (!is.null(json) && nchar(json, "bytes") <= longest_json) formats <- c(formats, "application/json", json)
  }
  formats
}

# A value as R prints it; one that is alone without the `[1]` before it, and a date without quotes.
value_text <- function(value) {
  lines <- utils::capture.output(print_value(value))
  if (length(lines) == 1L && length(value) == 1L) {
    lines <- sub("^ *\\[1\\] ", "", lines)
    if (inherits(value, c("Date", "POSIXt"))) lines <- sub('^"(.*)"$', "\\1", lines)
  }
  enc2utf8(sub("\n+$", "", paste(lines, collapse = "\n")))
}

# A function of base as code at top level calls it: methods are looked for in the global environment, too.
called_at_top <- function(generic) eval(call("function", as.pairlist(alist(value = )), bquote(.(generic)(value))), globalenv())
print_value <- called_at_top(print)
format_value <- called_at_top(format)

escape_html <- function(text) {
  text <- gsub("&", "&amp;", text, fixed = TRUE)
  gsub(">", "&gt;", gsub("<", "&lt;", text, fixed = TRUE), fixed = TRUE)
}

html_table <- function(frame) {
  shown <- frame[seq_len(min(nrow(frame), most_html_rows)), seq_len(min(length(frame), most_html_columns)), drop = FALSE]
  cells <- lapply(shown, function(column) escape_html(if (is.character(column)) column else format_column(column)))
  row_names <- if (has_row_names(frame)) escape_html(row.names(shown))
  heads <- c(if (!is.null(row_names)) "", escape_html(names(shown)))
  columns <- c(if (!is.null(row_names)) list(paste0("<th>", row_names, "</th>")), lapply(cells, function(cell) paste0("<td>", cell, "</td>")))
  rows <- if (nrow(shown) > 0L && length(columns) > 0L) paste0("<tr>", do.call(paste0, unname(columns)), "</tr>", collapse = "\n")
  left_out <- if (nrow(frame) > nrow(shown) || length(frame) > length(shown)) {
    sprintf("<caption>%d rows and %d columns, of which the first are shown</caption>", nrow(frame), length(frame))
  }
  head <- paste0("<tr>", paste0("<th>", heads, "</th>", collapse = ""), "</tr>")
  paste(c("<table>", left_out, "<thead>", head, "</thead>", "<tbody>", rows, "</tbody>", "</table>"), collapse = "\n")
}

# One string a row, whatever the column is made of.
format_column <- function(column) {
  if (is.list(column) || is.matrix(column) || is.data.frame(column)) {
    elements <- if (is.list(column) && !is.data.frame(column)) column else split(column, seq_len(NROW(column)))
    return(vapply(elements, function(element) paste(format_value(element), collapse = ", "), ""))
  }
  trimws(format_value(column))
}

has_row_names <- function(frame) is.character(attr(frame, "row.names"))

# The first rows of a data frame as a table that programs can read.
data_resource <- function(frame) {
  rows <- min(nrow(frame), most_table_rows)
  repeat {
    shown <- frame[seq_len(rows), , drop = FALSE]
    if (has_row_names(frame)) shown <- cbind(`_row` = row.names(shown), shown)
    records <- json_records(shown)
    if (nchar(records, "bytes") <= longest_json || rows == 0L) break
    rows <- rows %/% 2L
  }
  fields <- vapply(names(shown), function(name) {
    json_object(c("name", "type"), json_text(c(name, field_type(shown[[name]]))))
  }, "")
  schema <- paste0("{\"fields\":[", paste(fields, collapse = ","), "]}")
  if (rows == nrow(frame)) return(json_object(c("schema", "data"), c(schema, records)))
  json_object(c("schema", "data", "truncated", "totalRows"), c(schema, records, "true", as.character(nrow(frame))))
}

field_type <- function(column) {
  if (inherits(column, "Date")) return("date")
  if (inherits(column, "POSIXt")) return("datetime")
  if (is.factor(column) || inherits(column, "difftime")) return("string")
  switch(typeof(column), logical = "boolean", integer = "integer", double = "number", list = "any", "string")
}
