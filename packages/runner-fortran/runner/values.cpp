#include "values.h"
#include "errors.h"
#include "frames.h"
#include "streams.h"
#include <ISO_Fortran_binding.h>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace kernelbox {
namespace {

constexpr int deepest = 12;
constexpr size_t mostLeaves = 100'000;
constexpr size_t mostShown = 1000;
constexpr size_t longestJson = 1 << 20;

/// A value, or a part of one.
struct Node {
  enum { Leaf, List, Record } kind = Leaf;
  /// Of leaves.
  std::string text;
  std::string json;
  /// Of a leaf, for tables: integer, number, boolean, string; empty: none of these.
  const char *schema = "";
  std::string type;
  std::vector<std::string> names;
  std::vector<Node> parts;
  bool isCut = false;
};

std::vector<Node> open;
std::string string;
bool isString = false;
bool isCollecting = false;
long size = -1;
Bundle collected;

std::string utf8(const std::string &text) {
  std::string result;
  for (size_t index = 0; index < text.size();) {
    auto byte = static_cast<unsigned char>(text[index]);
    size_t length = byte < 0x80 ? 1 : byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
    bool isRight = length > 0 && index + length <= text.size();
    for (size_t next = 1; isRight && next < length; ++next) isRight = (static_cast<unsigned char>(text[index + next]) & 0xc0) == 0x80;
    if (isRight) result.append(text, index, length);
    else result += "\xef\xbf\xbd";
    index += isRight ? length : 1;
  }
  return result;
}

std::string jsonText(const std::string &text) {
  std::string result = "\"";
  for (char character : utf8(text)) {
    if (character == '"' || character == '\\') result += '\\', result += character;
    else if (static_cast<unsigned char>(character) < 0x20) {
      char escape[8];
      snprintf(escape, sizeof escape, "\\u%04x", character);
      result += escape;
    } else result += character;
  }
  return result + "\"";
}

std::string quoted(const std::string &text) {
  std::string result = "'";
  for (char character : utf8(text)) result += character == '\'' ? "''" : std::string(1, character);
  return result + "'";
}

template <class Number> Number read(const char *place) {
  Number number;
  std::memcpy(&number, place, sizeof number);
  return number;
}

std::string wideInteger(__int128 number) {
  bool isNegative = number < 0;
  auto rest = isNegative ? -static_cast<unsigned __int128>(number) : static_cast<unsigned __int128>(number);
  std::string digits;
  do digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  while (rest /= 10);
  return isNegative ? "-" + digits : digits;
}

/// The shortest digits that give the same number, with a point.
template <class Number> std::string realText(Number number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  char text[64];
  auto magnitude = std::fabs(number);
  bool isPlain = magnitude == 0 || (magnitude >= static_cast<Number>(1e-4) && magnitude < static_cast<Number>(1e15));
  auto [end, error] = isPlain ? std::to_chars(text, text + sizeof text, number, std::chars_format::fixed)
                              : std::to_chars(text, text + sizeof text, number, std::chars_format::scientific);
  std::string result(text, error == std::errc() ? end : text);
  size_t exponent = result.find('e');
  if (result.find('.') == std::string::npos) result.insert(exponent == std::string::npos ? result.size() : exponent, ".0");
  return result;
}

std::string quadText(const char *place) {
  // Enough digits for all that it can hold.
  char text[128];
  strfromf128(text, sizeof text, "%.34g", read<_Float128>(place));
  std::string result = text;
  if (result.find_first_of(".enN") == std::string::npos) result += ".0";
  return result;
}

std::string realAt(const char *place, int kind) {
  switch (kind) {
  case 4: return realText(read<float>(place));
  case 8: return realText(read<double>(place));
#if defined(__x86_64__)
  case 10: return realText(read<long double>(place));
#endif
  default: return quadText(place);
  }
}

bool isFinite(const std::string &number) { return number.find_first_of("nN") == std::string::npos; }

std::string jsonNumber(const std::string &number) { return isFinite(number) ? number : "null"; }

Node leafAt(const char *place, int base, int kind, size_t length) {
  Node leaf;
  switch (base) {
  case CFI_type_Integer:
    leaf.text = kind == 1 ? std::to_string(read<int8_t>(place)) : kind == 2 ? std::to_string(read<int16_t>(place)) :
                kind == 4 ? std::to_string(read<int32_t>(place)) : kind == 8 ? std::to_string(read<int64_t>(place)) : wideInteger(read<__int128>(place));
    leaf.json = leaf.text;
    leaf.schema = "integer";
    break;
  case CFI_type_Real:
    leaf.text = realAt(place, kind);
    leaf.json = jsonNumber(leaf.text);
    leaf.schema = "number";
    break;
  case CFI_type_Complex: {
    std::string real = realAt(place, kind), imaginary = realAt(place + length / 2, kind);
    leaf.text = "(" + real + ", " + imaginary + ")";
    leaf.json = "[" + jsonNumber(real) + "," + jsonNumber(imaginary) + "]";
    break;
  }
  case CFI_type_Logical: {
    bool isTrue = kind == 1 ? read<int8_t>(place) : kind == 2 ? read<int16_t>(place) : kind == 4 ? read<int32_t>(place) : read<int64_t>(place) != 0;
    leaf.text = isTrue ? "T" : "F";
    leaf.json = isTrue ? "true" : "false";
    leaf.schema = "boolean";
    break;
  }
  default: {
    std::string text(place, length);
    // Blanks at the end mean nothing in Fortran.
    text.erase(text.find_last_not_of(' ') + 1);
    leaf.text = quoted(text);
    leaf.json = jsonText(text);
    leaf.schema = "string";
    if (open.size() == 1) {
      string = utf8(text);
      isString = true;
    }
  }
  }
  return leaf;
}

Node arrayAt(const CFI_cdesc_t &array, const char *place, int dimension, size_t &leaves) {
  Node list;
  list.kind = Node::List;
  auto &bounds = array.dim[dimension];
  for (CFI_index_t index = 0; index < bounds.extent; ++index) {
    if (leaves >= mostLeaves) {
      list.isCut = true;
      break;
    }
    const char *part = place + index * bounds.sm;
    if (dimension + 1 < array.rank) {
      list.parts.push_back(arrayAt(array, part, dimension + 1, leaves));
    } else {
      ++leaves;
      list.parts.push_back(leafAt(part, array.type & CFI_type_mask, array.type >> CFI_type_kind_shift, array.elem_len));
    }
  }
  return list;
}

void add(Node node) {
  if (!open.empty()) open.back().parts.push_back(std::move(node));
}

Node leaf(const char *text) {
  Node node;
  node.text = text;
  node.json = "null";
  return node;
}

void show(const CFI_cdesc_t *value) {
  size_t leaves = 0;
  if (value->base_addr == nullptr) {
    if (isInCell()) failCell("AllocationError", "there is no value: it is not allocated, or not associated");
    return add(leaf("null"));
  }
  if (value->rank > 0) {
    if (open.size() == 1) {
      size = 1;
      for (int dimension = 0; dimension < value->rank; ++dimension) size *= value->dim[dimension].extent;
    }
    add(arrayAt(*value, static_cast<const char *>(value->base_addr), 0, leaves));
    isString = false;
  } else {
    add(leafAt(static_cast<const char *>(value->base_addr), value->type & CFI_type_mask, value->type >> CFI_type_kind_shift, value->elem_len));
  }
}

std::string textOf(const Node &node, size_t &shown, int depth) {
  if (node.kind == Node::Leaf) {
    ++shown;
    return node.text;
  }
  if (node.kind == Node::Record) {
    std::string text = node.type + "(";
    for (size_t index = 0; index < node.parts.size(); ++index)
      text += (index == 0 ? "" : ", ") + node.names[index] + "=" + textOf(node.parts[index], shown, depth + 1);
    return text + ")";
  }
  std::string text = "[", between = !node.parts.empty() && node.parts[0].kind != Node::Leaf ? ",\n" + std::string(depth + 1, ' ') : ", ";
  for (size_t index = 0; index < node.parts.size(); ++index) {
    if (shown >= mostShown) return text + between + "…]";
    text += (index == 0 ? "" : between) + textOf(node.parts[index], shown, depth + 1);
  }
  return text + (node.isCut ? between + "…]" : "]");
}

/// False: too long.
bool addJson(const Node &node, std::string &json) {
  if (json.size() > longestJson || node.isCut) return false;
  if (node.kind == Node::Leaf) {
    json += node.json;
    return true;
  }
  json += node.kind == Node::List ? '[' : '{';
  for (size_t index = 0; index < node.parts.size(); ++index) {
    if (index > 0) json += ',';
    if (node.kind == Node::Record) json += jsonText(node.names[index]) + ":";
    if (!addJson(node.parts[index], json)) return false;
  }
  json += node.kind == Node::List ? ']' : '}';
  return true;
}

/// Records with simple components, or the rows of a matrix; empty: it is no table.
std::string tableOf(const Node &node) {
  if (node.kind != Node::List || node.parts.empty() || node.parts[0].kind == Node::Leaf || node.parts[0].parts.empty()) return "";
  const Node &first = node.parts[0];
  std::string fields, rows;
  for (size_t column = 0; column < first.parts.size(); ++column) {
    if (*first.parts[column].schema == 0) return "";
    std::string name = first.kind == Node::Record ? first.names[column] : std::to_string(column + 1);
    fields += (column == 0 ? "{\"name\":" : ",{\"name\":") + jsonText(name) + ",\"type\":\"" + first.parts[column].schema + "\"}";
  }
  for (auto &row : node.parts) {
    if (row.isCut) return "";
    rows += rows.empty() ? "{" : ",{";
    for (size_t column = 0; column < row.parts.size(); ++column) {
      if (row.parts[column].kind != Node::Leaf) return "";
      std::string name = row.kind == Node::Record ? row.names[column] : std::to_string(column + 1);
      rows += (column == 0 ? "" : ",") + jsonText(name) + ":" + row.parts[column].json;
    }
    rows += '}';
    if (rows.size() > longestJson) return "";
  }
  return node.isCut ? "" : "{\"schema\":{\"fields\":[" + fields + "]},\"data\":[" + rows + "]}";
}

Bundle bundleOf(const Node &node) {
  size_t shown = 0;
  Bundle bundle{"text/plain", textOf(node, shown, 0)};
  if (isString) {
    bundle.insert(bundle.end(), {"application/vnd.kernelbox.string", string});
  } else if (node.kind != Node::Leaf) {
    std::string json;
    if (addJson(node, json)) bundle.insert(bundle.end(), {"application/json", json});
    if (std::string table = tableOf(node); !table.empty()) bundle.insert(bundle.end(), {"application/vnd.dataresource+json", table});
  }
  return bundle;
}

std::string textOf(const CFI_cdesc_t *text) { return std::string(static_cast<const char *>(text->base_addr), text->elem_len); }

} // namespace

void collectValues(bool isOn) { isCollecting = isOn; }
Bundle takeValue() { return std::move(collected); }
long sizeOfValue() { return size; }

} // namespace kernelbox

using namespace kernelbox;

extern "C" {

void kb_begin() {
  open.assign(1, Node());
  isString = false;
  size = -1;
}

void kb_end() {
  if (open.size() != 1 || open[0].parts.size() != 1) return;
  Bundle bundle = bundleOf(open[0].parts[0]);
  open.clear();
  if (isCollecting) {
    collected = std::move(bundle);
  } else {
    flushStreams();
    emit("result", {bundle.begin(), bundle.end()});
  }
}

bool kb_enter(const CFI_cdesc_t *type) {
  if (open.size() > deepest) {
    add(leaf("…"));
    return false;
  }
  Node record;
  record.kind = Node::Record;
  record.type = textOf(type);
  open.push_back(std::move(record));
  return true;
}

bool kb_enter_list(int32_t elements) {
  if (open.size() > deepest) {
    add(leaf("…"));
    return false;
  }
  if (open.size() == 1) size = elements;
  Node list;
  list.kind = Node::List;
  list.isCut = elements > static_cast<int32_t>(mostShown);
  open.push_back(std::move(list));
  return true;
}

void kb_field(const CFI_cdesc_t *name) {
  if (!open.empty()) open.back().names.push_back(textOf(name));
}

void kb_leave() {
  if (open.size() < 2) return;
  Node node = std::move(open.back());
  open.pop_back();
  add(std::move(node));
}

void kb_nothing() { add(leaf("null")); }
void kb_unknown() { add(leaf("…")); }

#define SHOW(name) void kb_show_##name(const CFI_cdesc_t *value) { show(value); }
SHOW(text)
SHOW(i1) SHOW(i2) SHOW(i4) SHOW(i8) SHOW(i16)
SHOW(r4) SHOW(r8) SHOW(r10) SHOW(r16)
SHOW(c4) SHOW(c8) SHOW(c10) SHOW(c16)
SHOW(l1) SHOW(l2) SHOW(l4) SHOW(l8)
}
