# Child processes. While R waits for a command, interrupts are the command's alone, and R would go on after it as if nothing
# had happened.

replace_system <- function() {
  system <- base::system
  code <- as.list(body(system))
  code[[length(code)]] <- bquote(.(run_command)(command, intern, wait, timeout, receive.console.signals))
  body(system) <- as.call(code)
  replace_base("system", system)
}

run_command <- function(command, intern, wait, timeout, receives_signals) {
  if (intern || !wait) return(.Internal(system(command, intern, timeout, receives_signals)))
  done <- tempfile("done")
  on.exit(unlink(done))
  # An interrupt ends this shell after its command, or before it has come to it.
  watched <- paste0("trap 'exit 130' INT; sh -c ", shQuote(command), "; status=$?; : >", done, "; exit $status")
  status <- .Internal(system(watched, FALSE, timeout, receives_signals))
  if (!file.exists(done) && status %in% c(tools::SIGINT, 130L)) {
    tools::pskill(Sys.getpid(), tools::SIGINT)
    # R looks for interrupts now and then; here it does at once.
    Sys.sleep(0.01)
  }
  invisible(status)
}
