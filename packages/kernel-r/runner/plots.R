# Plots: a device that is opened when the code draws and none is open, with a file for each page. A file is empty until its
# page is complete: the next one has begun, or the device is closed.

plot_directory <- NULL
plot_device <- NULL
devices_opened <- 0L

start_plots <- function(directory) {
  plot_directory <<- file.path(directory, "plots")
  dir.create(plot_directory)
  options(device = open_device, repr.plot.width = 7, repr.plot.height = 7, repr.plot.res = 120)
  for (hook in c("plot.new", "grid.newpage")) setHook(hook, function(...) show_plots(finished_plots()))
}

open_device <- function(...) {
  devices_opened <<- devices_opened + 1L
  path <- file.path(plot_directory, sprintf("%05d-%%05d.png", devices_opened))
  grDevices::png(
    path,
    width = getOption("repr.plot.width", 7), height = getOption("repr.plot.height", 7), units = "in",
    res = getOption("repr.plot.res", 120), type = "cairo"
  )
  # `recordPlot()` works on devices that keep a list of what was drawn.
  grDevices::dev.control("enable")
  plot_device <<- grDevices::dev.cur()
}

# The bytes of each complete page, in order.
finished_plots <- function() {
  paths <- sort(list.files(plot_directory, full.names = TRUE))
  lapply(paths[file.size(paths) > 0], function(path) {
    on.exit(unlink(path))
    readBin(path, "raw", file.size(path))
  })
}

# No more is drawn: the last page is complete, too.
last_plots <- function() {
  current <- grDevices::dev.cur()
  if (!is.null(plot_device) && plot_device %in% grDevices::dev.list() && is_plot_device(plot_device)) {
    grDevices::dev.off(plot_device)
    if (current != plot_device && current %in% grDevices::dev.list()) grDevices::dev.set(current)
  }
  plot_device <<- NULL
  finished_plots()
}

# A device of the user's may have got the number of ours, which was closed.
is_plot_device <- function(number) {
  current <- grDevices::dev.cur()
  on.exit(grDevices::dev.set(current))
  grDevices::dev.set(number)
  path <- attr(.Device, "filepath")
  is.character(path) && startsWith(path, plot_directory)
}

show_plots <- function(plots) for (plot in plots) display("image/png", plot)

# Shows something, in its place among what is printed.
display <- function(...) {
  emit("display", "", ...)
  sync()
}
