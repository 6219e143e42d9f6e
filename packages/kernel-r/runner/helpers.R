# What cells may call.

helpers <- list(
  # Shows HTML.
  kb_html = function(html) display("text/html", paste(html, collapse = "\n")),
  # Shows Markdown.
  kb_markdown = function(markdown) display("text/markdown", paste(markdown, collapse = "\n")),
  # Shows LaTeX.
  kb_latex = function(latex) display("text/latex", paste(latex, collapse = "\n")),
  # Shows a value as JSON.
  kb_json = function(value) display("application/json", to_json(value)),
  # Shows an SVG picture: its text, or the path of a file.
  kb_svg = function(svg) {
    is_text <- length(svg) > 1L || grepl("<", svg, fixed = TRUE)
    display("image/svg+xml", paste(if (is_text) svg else readLines(svg, warn = FALSE), collapse = "\n"))
  },
  # Shows a PNG picture: its bytes, or the path of a file.
  kb_png = function(png) display("image/png", picture_bytes(png)),
  # Shows a JPEG picture: its bytes, or the path of a file.
  kb_jpeg = function(jpeg) display("image/jpeg", picture_bytes(jpeg)),
  # Shows a value as the last one of a cell is shown.
  kb_display = function(value) {
    formats <- bundle(value)
    if (length(formats) > 0L) do.call(display, as.list(formats))
    show_plots(finished_plots())
    invisible(value)
  },
  # There is no window for it.
  View = function(x, title) helpers$kb_display(if (is.matrix(x)) as.data.frame(x) else x),
  # R's own asks where to install, and only warns when nothing was.
  install.packages = function(pkgs, lib = users_library(), repos = getOption("repos"), ...) {
    utils::install.packages(pkgs, lib = lib, repos = repos, ...)
    missing <- if (!is.null(repos)) setdiff(pkgs, rownames(utils::installed.packages(c(lib, .libPaths()))))
    if (length(missing) > 0L) {
      stop("not installed: ", paste(missing, collapse = ", "), "; is there such a package, and has the box a network?", call. = FALSE)
    }
  }
)

# The first library that can be written to, made where there is none.
users_library <- function() {
  if (file.access(.libPaths()[[1L]], 2L) != 0L) {
    own <- strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep, fixed = TRUE)[[1L]]
    if (length(own) > 0L && (dir.exists(own[[1L]]) || dir.create(own[[1L]], showWarnings = FALSE, recursive = TRUE))) .libPaths(own[[1L]])
  }
  .libPaths()[[1L]]
}

picture_bytes <- function(picture) {
  if (is.raw(picture)) return(picture)
  if (!file.exists(picture)) stop("there is no picture in ", picture, call. = FALSE)
  readBin(picture, "raw", file.size(picture))
}
