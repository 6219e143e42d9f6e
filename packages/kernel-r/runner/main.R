# The program that runs cells: see docs/runners.md for what goes over descriptors 3 and 4. All that is ours is in one
# environment, so that the global one has only what cells put there.

local({
  arguments <- commandArgs(FALSE)
  here <- dirname(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)[[1L]]))
  ours <- new.env(parent = baseenv())
  # Errors in functions of ours would be told with their place in a file that no user knows.
  options(keep.source = FALSE)
  parts <- c("frames", "json", "values", "plots", "errors", "output", "input", "processes", "helpers", "questions", "cells")
  for (part in parts) {
    sys.source(file.path(here, paste0(part, ".R")), envir = ours)
  }
  ours$runner_main()
})
