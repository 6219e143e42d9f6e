// What cells call to show something: see library.F90.
#include "cell-process.h"
#include "errors.h"
#include "frames.h"
#include "streams.h"
#include <ISO_Fortran_binding.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using namespace kernelbox;

/// Blanks at the end mean nothing in Fortran.
std::string_view textOf(const CFI_cdesc_t *text) {
  std::string_view view(static_cast<const char *>(text->base_addr), text->elem_len);
  return view.substr(0, view.find_last_not_of(' ') + 1);
}

void display(std::string_view type, std::string_view data) {
  flushStreams();
  emit("display", {"", type, data});
  if (isCellThread()) sync();
}

void displayFile(const char *type, const CFI_cdesc_t *path) {
  std::string name(textOf(path));
  std::ifstream file(name, std::ios::binary);
  if (!file) {
    int reason = errno;
    failCell("InputOutputError", "there is no picture in '" + name + "': " + std::strerror(reason));
  }
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  display(type, bytes);
}

void displayBytes(const char *type, const CFI_cdesc_t *bytes) {
  std::string data;
  auto *start = static_cast<const char *>(bytes->base_addr);
  for (CFI_index_t index = 0; index < bytes->dim[0].extent; ++index) data += start[index * bytes->dim[0].sm];
  display(type, data);
}

} // namespace

extern "C" {
void kb_html(const CFI_cdesc_t *text) { display("text/html", textOf(text)); }
void kb_markdown(const CFI_cdesc_t *text) { display("text/markdown", textOf(text)); }
void kb_svg(const CFI_cdesc_t *text) { display("image/svg+xml", textOf(text)); }
void kb_latex(const CFI_cdesc_t *text) { display("text/latex", textOf(text)); }
void kb_json(const CFI_cdesc_t *text) { display("application/json", textOf(text)); }
void kb_display(const CFI_cdesc_t *type, const CFI_cdesc_t *text) { display(textOf(type), textOf(text)); }
void kb_png_file(const CFI_cdesc_t *path) { displayFile("image/png", path); }
void kb_png_bytes(const CFI_cdesc_t *bytes) { displayBytes("image/png", bytes); }
void kb_jpeg_file(const CFI_cdesc_t *path) { displayFile("image/jpeg", path); }
void kb_jpeg_bytes(const CFI_cdesc_t *bytes) { displayBytes("image/jpeg", bytes); }
}
