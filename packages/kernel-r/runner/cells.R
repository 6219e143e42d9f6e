# Takes requests, and says how cells went.

cell_arguments <- character()

runner_main <- function() {
  directory <- Sys.getenv("KERNELBOX_RUNNER_DIRECTORY")
  Sys.unsetenv("KERNELBOX_RUNNER_DIRECTORY")
  if (!l10n_info()[["UTF-8"]]) Sys.setlocale("LC_CTYPE", "C.UTF-8")
  open_pipes()
  start_plots(directory)
  order_stderr()
  replace_warnings()
  take_over_input()
  replace_browser()
  replace_system()
  replace_base("commandArgs", function(trailingOnly = FALSE) {
    if (trailingOnly) cell_arguments else c("R", if (length(cell_arguments) > 0L) "--args", cell_arguments)
  })
  options(
    cli.num_colors = 1L, crayon.enabled = FALSE, help_type = "text", menu.graphics = FALSE,
    pager = function(files, ...) for (file in files) writeLines(gsub("_\b", "", readLines(file))),
    # What is loaded of packages shows no place in files that no user knows; cells keep their own source.
    keep.source = FALSE
  )
  do.call(attach, list(helpers, name = "kernelbox", warn.conflicts = FALSE))
  # Between cells an interrupt changes nothing.
  suspendInterrupts({
    emit("ready", "1", paste(R.version$major, R.version$minor, sep = "."), "complete", "inspect", "check", "variables", "no-nul", "no-select")
    arguments <- character()
    settings <- character()
    repeat {
      frame <- receive()
      if (is.null(frame)) break
      if (frame[[1L]] == "arg") {
        arguments <- c(arguments, frame[[2L]])
      } else if (frame[[1L]] == "env") {
        settings[[frame[[2L]]]] <- frame[[3L]]
      } else if (frame[[1L]] == "run") {
        run(frame[[2L]], frame[[3L]], arguments, settings)
        arguments <- settings <- character()
      } else {
        answer(frame)
      }
    }
  })
}

run <- function(code, name, arguments, settings) {
  source <- srcfilecopy(name, strsplit(code, "\n", fixed = TRUE)[[1L]])
  cell <- tryCatch(parse(text = code, keep.source = TRUE, srcfile = source, encoding = "UTF-8"), error = identity)
  if (inherits(cell, "error")) {
    emit("running", Sys.getpid(), "")
    return(do.call(emit, c("error", as.list(parse_error_fields(cell, name)))))
  }
  before <- Sys.getenv(names(settings), unset = NA, names = TRUE)
  if (length(settings) > 0L) do.call(Sys.setenv, as.list(settings))
  cell_arguments <<- arguments
  # An interrupt that came too late for the cell before.
  tryCatch(allowInterrupts(NULL), interrupt = identity)
  emit("running", Sys.getpid(), "")
  end <- evaluate(cell, source)
  # A process that the cell has forked ends with it.
  if (Sys.getpid() != process) quit("no", runLast = FALSE)
  restore(before)
  do.call(emit, as.list(end))
}

# Runs the expressions of a cell one after the other; gives the frame that ends it.
evaluate <- function(cell, source) {
  references <- attr(cell, "srcref")
  line <- ""
  calls <- NULL
  end <- "ok"
  value <- NULL
  failed <- tryCatch(
    withRestarts(
      withCallingHandlers(
        allowInterrupts({
          for (number in seq_along(cell)) {
            line <- references[[number]][[1L]]
            value <- withVisible(cell_value(cell[[number]]))
            if (number < length(cell) && value$visible) helpers$kb_display(value$value)
            show_plots(finished_plots())
          }
          if (!is.null(value) && value$visible) show_result(value$value) else show_plots(last_plots())
        }),
        warning = tell_warning,
        error = function(condition) calls <<- running_calls(sys.calls())
      ),
      abort = function() simpleError("the code asked for the abort of the cell", NULL)
    ),
    interrupt = function(condition) "interrupted",
    error = identity
  )
  if (identical(failed, "interrupted")) end <- "interrupted"
  if (inherits(failed, "error")) end <- c("error", error_fields(failed, if (is.null(calls)) list() else calls, source, line))
  # Of what failed the plots are shown, too.
  if (end[[1L]] != "ok") tryCatch(show_plots(last_plots()), error = identity)
  end
}

# Its name tells where the user's calls begin.
cell_value <- function(expression) eval(expression, globalenv())

# The value of the last expression; a value that drew itself is its picture.
show_result <- function(value) {
  formats <- bundle(value)
  plots <- last_plots()
  if (length(formats) == 0L && length(plots) > 0L) {
    show_plots(plots[-length(plots)])
    emit("result", "image/png", plots[[length(plots)]])
  } else {
    show_plots(plots)
    if (length(formats) > 0L) do.call(emit, c("result", as.list(formats)))
  }
}

# Puts back what belonged to one run.
restore <- function(before) {
  # At top level R has limits for each call.
  setTimeLimit()
  forget_input()
  keep_warnings()
  cell_arguments <<- character()
  Sys.unsetenv(names(before)[is.na(before)])
  kept <- before[!is.na(before)]
  if (length(kept) > 0L) do.call(Sys.setenv, as.list(kept))
}
