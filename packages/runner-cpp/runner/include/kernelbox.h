// What cells may call, in C and in C++. It is included in every cell already.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The arguments of the run; the first one is the name of the cell.
extern int argc;
extern char **argv;

/// Show a text: HTML, Markdown, an SVG picture, JSON.
void kb_html(const char *html);
void kb_markdown(const char *markdown);
void kb_svg(const char *svg);
void kb_json(const char *json);

/// Show a picture in a file.
void kb_png(const char *path);
void kb_jpeg(const char *path);

/// Shows data of any MIME type.
void kb_display(const char *type, const void *data, size_t length);

// The rest is the kernel's own.
void __kb_show(const volatile void *value);
void __kb_send(const char *name, const char *const *fields, const size_t *lengths, size_t count);

#ifdef __cplusplus
}
#include <kernelbox-values.h>
#endif
