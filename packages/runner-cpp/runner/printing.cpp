// What the values of cells are shown with, compiled once: kernelbox-values.h has the rest, which depends on their types.
#include <kernelbox.h>

namespace kb::detail {
namespace {

template <class T> void appendFloating(std::string &out, T number, bool json) {
  if (!std::isfinite(number)) {
    out += json ? "null" : std::isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
    return;
  }
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, number).ptr;
  std::string_view written(text, end - text);
  out += written;
  if (written.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void sendPlain(std::string text) { send("result", {"text/plain", std::move(text)}); }

template <class T> void sendFloating(T number) {
  std::string text;
  appendFloating(text, number, false);
  sendPlain(std::move(text));
}

} // namespace

void append_utf8(std::string &out, char32_t code) {
  auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) byte(code);
  else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

void append_quoted(std::string &out, std::string_view text, bool json, char quote) {
  static const char digits[] = "0123456789abcdef";
  out += quote;
  for (unsigned char c : text) {
    if (c == static_cast<unsigned char>(quote) || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '\r') out += "\\r";
    else if (c < 0x20 || c == 0x7f) {
      out += json ? "\\u00" : "\\x";
      out += digits[c >> 4];
      out += digits[c & 15];
    } else out += static_cast<char>(c);
  }
  out += quote;
}

void append_integer(std::string &out, long long number) { out += std::to_string(number); }
void append_natural(std::string &out, unsigned long long number) { out += std::to_string(number); }
void append_floating(std::string &out, float number, bool json) { appendFloating(out, number, json); }
void append_floating(std::string &out, double number, bool json) { appendFloating(out, number, json); }
void append_floating(std::string &out, long double number, bool json) { appendFloating(out, number, json); }

void send(const char *name, const std::vector<std::string> &parts) {
  std::vector<const char *> texts;
  std::vector<std::size_t> lengths;
  for (auto &part : parts) {
    texts.push_back(part.data());
    lengths.push_back(part.size());
  }
  __kb_send(name, texts.data(), lengths.data(), parts.size());
}

void send_result(bool value) { sendPlain(value ? "true" : "false"); }
void send_result(long long value) { sendPlain(std::to_string(value)); }
void send_result(unsigned long long value) { sendPlain(std::to_string(value)); }
void send_result(float value) { sendFloating(value); }
void send_result(double value) { sendFloating(value); }
void send_result(long double value) { sendFloating(value); }

void send_result(std::string_view value) {
  std::string text;
  append_quoted(text, value, false);
  send("result", {"text/plain", std::move(text), "application/vnd.kernelbox.string", std::string(value)});
}

} // namespace kb::detail
