# The two pipes to the host. A named pipe that is opened for reading gives what is there; a file would wait for 4 KiB.

requests <- NULL
events <- NULL
tokens <- 0
standard_output <- getConnection(1L)

open_pipes <- function() {
  requests <<- fifo("/dev/fd/3", "rb", blocking = TRUE)
  events <<- file("/dev/fd/4", "wb", raw = TRUE)
}

bytes_of <- function(field) if (is.raw(field)) field else charToRaw(enc2utf8(as.character(field)))

# Sends one frame, after what was printed before. Fields are strings or raw bytes. Nothing may come between its parts, no interrupt
# either.
emit <- function(name, ...) {
  fields <- lapply(list(...), bytes_of)
  line <- paste0(paste(c(name, lengths(fields)), collapse = " "), "\n")
  suspendInterrupts({
    # `write.csv` and the like leave lines in a buffer.
    flush(standard_output)
    writeBin(c(charToRaw(line), unlist(fields, use.names = FALSE)), events)
    flush(events)
  })
  invisible()
}

# Waits for a frame: its name and its fields. NULL when the host has gone.
receive <- function() {
  suspendInterrupts({
    line <- raw()
    repeat {
      byte <- readBin(requests, "raw", 1L)
      if (length(byte) == 0L) return(NULL)
      if (byte == 0x0a) break
      line <- c(line, byte)
    }
    words <- strsplit(rawToChar(line), " ", fixed = TRUE)[[1L]]
    c(words[[1L]], vapply(as.integer(words[-1L]), read_field, ""))
  })
}

read_field <- function(length) {
  pieces <- list()
  while (length > 0L) {
    piece <- readBin(requests, "raw", min(length, 65536L))
    if (length(piece) == 0L) stop("the host has gone")
    pieces[[length(pieces) + 1L]] <- piece
    length <- length - length(piece)
  }
  text <- rawToChar(as.raw(unlist(pieces)))
  Encoding(text) <- "UTF-8"
  text
}

# Waits until the host has taken all that was sent and printed.
sync <- function() {
  # A process that the code has forked is not the one that the host talks to.
  if (Sys.getpid() != process) return(invisible())
  suspendInterrupts({
    tokens <<- tokens + 1
    token <- format(tokens, scientific = FALSE)
    emit("sync", token)
    repeat {
      frame <- receive()
      if (is.null(frame) || identical(frame, c("synced", token))) break
    }
  })
  invisible()
}

process <- Sys.getpid()
