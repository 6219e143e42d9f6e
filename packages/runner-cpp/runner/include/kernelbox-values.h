// How values of C++ are shown.
#pragma once
#include <charconv>
#include <chrono>
#include <cmath>
#include <complex>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <ranges>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace kb {
namespace detail {

/// The fields of a struct: the kernel writes a specialisation for each that a cell defines.
template <class T> struct fields {
  static constexpr bool known = false;
};

/// The names of an enum's values: the same.
template <class T> struct enumerators {
  static constexpr bool known = false;
};

constexpr int deepest = 8;
constexpr std::size_t most_entries = 1000;
constexpr std::size_t longest_json = 1 << 20;

template <class T> using bare = std::remove_cvref_t<T>;
template <class T> concept Text = std::is_convertible_v<const T &, std::string_view> && !std::is_null_pointer_v<T>;
template <class T> concept Character = std::is_same_v<T, char> || std::is_same_v<T, signed char> || std::is_same_v<T, unsigned char> ||
    std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> || std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;
template <class T> concept Range = requires(T &v) { std::begin(v) != std::end(v); };
/// What can be walked through only once, like a generator: it is not, to be shown.
template <class T> concept Once = std::ranges::input_range<T> && !std::ranges::forward_range<T>;
template <class T> concept Walkable = Range<const T> || (Range<T> && (std::is_copy_constructible_v<T> || !Once<T>));
template <class T> concept Map = Range<T> && requires { typename bare<T>::key_type; typename bare<T>::mapped_type; };
template <class T> concept Adapter = requires { typename T::container_type; } && !Range<T>;
template <class T> concept Tuple = requires { std::tuple_size<T>::value; } && !Range<T>;
template <class T> concept Smart = requires(const T &v) { v.get(); typename T::element_type; };
template <class T> constexpr bool lambda() { return std::string_view(__PRETTY_FUNCTION__).find("[T = (lambda at ") != std::string_view::npos; }
template <class T> concept Streamed = requires(std::ostream &o, const T &v) { { o << v } -> std::convertible_to<std::ostream &>; };
template <class T> struct is_optional : std::false_type {};
template <class T> struct is_optional<std::optional<T>> : std::true_type {};
template <class T> struct is_variant : std::false_type {};
template <class... T> struct is_variant<std::variant<T...>> : std::true_type {};
template <class T> struct is_expected : std::false_type {};
#ifdef __cpp_lib_expected
template <class T, class E> struct is_expected<std::expected<T, E>> : std::true_type {};
#endif
template <class T> struct is_complex : std::false_type {};
template <class T> struct is_complex<std::complex<T>> : std::true_type {};

template <class T> std::string type_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  auto start = text.find("T = ") + 4;
  std::string name(text.substr(start, text.rfind(']') - start));
  for (std::string_view noise : {"std::__cxx11::", "std::__1::"})
    for (std::size_t at; (at = name.find(noise)) != std::string::npos;) name.replace(at, noise.size(), "std::");
  for (std::string_view full : {"std::basic_string<char>"})
    for (std::size_t at; (at = name.find(full)) != std::string::npos;) name.replace(at, full.size(), "std::string");
  return name;
}

// In the kernel itself, so that no cell has to compile them: printing.cpp.
void append_utf8(std::string &out, char32_t code);
void append_quoted(std::string &out, std::string_view text, bool json, char quote = '"');
void append_integer(std::string &out, long long number);
void append_natural(std::string &out, unsigned long long number);
void append_floating(std::string &out, float number, bool json);
void append_floating(std::string &out, double number, bool json);
void append_floating(std::string &out, long double number, bool json);
void send(const char *name, const std::vector<std::string> &parts);
void send_result(bool value);
void send_result(long long value);
void send_result(unsigned long long value);
void send_result(float value);
void send_result(double value);
void send_result(long double value);
void send_result(std::string_view value);

template <class T> void append_number(std::string &out, T number, bool json) {
  if constexpr (std::is_floating_point_v<T>) {
    append_floating(out, number, json);
  } else if constexpr (sizeof(T) > 8) {
    bool negative = number < 0;
    std::string digits;
    do { int digit = static_cast<int>(number % 10); digits += static_cast<char>('0' + (digit < 0 ? -digit : digit)); number /= 10; } while (number != 0);
    if (negative) digits += '-';
    out.append(digits.rbegin(), digits.rend());
  } else {
    if constexpr (std::is_signed_v<T>) append_integer(out, number);
    else append_natural(out, number);
  }
}

template <class T> void append(std::string &out, const T &value, bool json, int depth);

/// Texts of other characters than `char`.
template <class T> concept Wide_text = std::is_convertible_v<const T &, std::wstring_view> || std::is_convertible_v<const T &, std::u8string_view> ||
    std::is_convertible_v<const T &, std::u16string_view> || std::is_convertible_v<const T &, std::u32string_view>;

template <class C> std::string utf8_of(std::basic_string_view<C> text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto code = static_cast<char32_t>(text[i]);
    if constexpr (sizeof(C) == 1) out += static_cast<char>(text[i]);
    else {
      if constexpr (sizeof(C) == 2)
        if (code >= 0xd800 && code < 0xdc00 && i + 1 < text.size()) code = 0x10000 + ((code - 0xd800) << 10) + (static_cast<char32_t>(text[++i]) - 0xdc00);
      append_utf8(out, code);
    }
  }
  return out;
}

template <Wide_text T> std::string utf8(const T &text) {
  if constexpr (std::is_convertible_v<const T &, std::wstring_view>) return utf8_of(std::wstring_view(text));
  else if constexpr (std::is_convertible_v<const T &, std::u8string_view>) return utf8_of(std::u8string_view(text));
  else if constexpr (std::is_convertible_v<const T &, std::u16string_view>) return utf8_of(std::u16string_view(text));
  else return utf8_of(std::u32string_view(text));
}

template <class T> void append_pointer(std::string &out, T *pointer, bool json) {
  if (pointer == nullptr) { out += json ? "null" : "nullptr"; return; }
  char text[32];
  std::snprintf(text, sizeof text, json ? "\"%p\"" : "%p", (const void *)pointer);
  out += text;
}

template <class T> void append_range(std::string &out, T &range, bool json, int depth) {
  constexpr bool pairs = Map<T>;
  out += json && !pairs ? '[' : '{';
  std::size_t count = 0;
  for (auto &&entry : range) {
    if (count != 0) out += ", ";
    if (count++ == most_entries && !json) { out += "…"; break; }
    if (json && out.size() > longest_json) break;
    if constexpr (pairs) {
      if (json && !Text<bare<decltype(entry.first)>>) {
        std::string key;
        append(key, entry.first, false, depth + 1);
        append_quoted(out, key, true);
      } else append(out, entry.first, json, depth + 1);
      out += ": ";
      append(out, entry.second, json, depth + 1);
    } else if constexpr (std::is_same_v<bare<decltype(entry)>, std::_Bit_reference>) {
      out += entry ? "true" : "false";
    } else {
      append(out, entry, json, depth + 1);
    }
  }
  out += json && !pairs ? ']' : '}';
}

template <class T> void append_fields(std::string &out, const T &value, bool json, int depth) {
  if (!json) out += type_name<T>() + " ";
  out += '{';
  bool first = true;
  fields<T>::each(value, [&](const char *name, const auto &field) {
    if (!first) out += ", ";
    first = false;
    if (json) { append_quoted(out, name, true); out += ": "; }
    else { out += name; out += ": "; }
    append(out, field, json, depth + 1);
  });
  out += '}';
}

/// The values that an adapter (a stack, a queue) keeps to itself.
template <class T> const typename T::container_type &contents(const T &adapter) {
  struct Open : T {
    static const typename T::container_type &of(const T &adapter) { return adapter.*&Open::c; }
  };
  return Open::of(adapter);
}

template <class T> void append(std::string &out, const T &value, bool json, int depth) {
  if (depth > deepest) { out += json ? "null" : "…"; return; }
  // It can be a pointer, and that could be printed.
  if constexpr (lambda<T>()) out += json ? "\"lambda\"" : "lambda";
  else if constexpr (std::is_same_v<T, bool>) out += value ? "true" : "false";
  else if constexpr (std::is_same_v<T, std::nullptr_t>) out += json ? "null" : "nullptr";
  else if constexpr (Character<T>) {
    std::string text;
    if constexpr (sizeof(T) == 1) {
      auto byte = static_cast<unsigned char>(value);
      if (byte >= 0x80 || std::is_same_v<T, unsigned char> || std::is_same_v<T, signed char>) { append_number(out, static_cast<int>(value), json); return; }
      text = static_cast<char>(value);
    } else append_utf8(text, static_cast<char32_t>(value));
    append_quoted(out, text, json, json ? '"' : '\'');
  } else if constexpr (std::is_enum_v<T>) {
    if constexpr (enumerators<T>::known)
      if (const char *name = enumerators<T>::name(value)) {
        if (json) append_quoted(out, name, true);
        else out += (enumerators<T>::scoped ? type_name<T>() + "::" : "") + name;
        return;
      }
    if (!json) { out += type_name<T>(); out += '('; }
    append_number(out, static_cast<long long>(value), json);
    if (!json) out += ')';
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, __int128> || std::is_same_v<T, unsigned __int128>) append_number(out, value, json);
  else if constexpr (std::is_same_v<std::decay_t<T>, const char *> || std::is_same_v<std::decay_t<T>, char *>) {
    const char *text = value;
    if (text == nullptr) out += json ? "null" : "nullptr";
    else append_quoted(out, text, json);
  } else if constexpr (Text<T>) append_quoted(out, std::string_view(value), json);
  else if constexpr (std::is_same_v<T, std::filesystem::path>) append_quoted(out, value.string(), json);
  else if constexpr (Wide_text<T> && !std::is_pointer_v<T>) append_quoted(out, utf8(value), json);
  else if constexpr (is_expected<T>::value) {
    if (value) {
      if constexpr (std::is_void_v<typename T::value_type>) out += json ? "null" : "expected";
      else append(out, *value, json, depth + 1);
    } else if (json) append(out, value.error(), true, depth + 1);
    else { out += "unexpected("; append(out, value.error(), false, depth + 1); out += ')'; }
  }
  else if constexpr (is_optional<T>::value) { if (value) append(out, *value, json, depth + 1); else out += json ? "null" : "nullopt"; }
  else if constexpr (is_variant<T>::value) {
    if (value.valueless_by_exception()) out += json ? "null" : "valueless";
    else std::visit([&](const auto &held) { append(out, held, json, depth + 1); }, value);
  } else if constexpr (std::is_same_v<T, std::monostate>) out += json ? "null" : "monostate";
  else if constexpr (is_complex<T>::value) {
    out += json ? '[' : '(';
    append_number(out, value.real(), json);
    out += ", ";
    append_number(out, value.imag(), json);
    out += json ? ']' : ')';
  }
  else if constexpr (std::is_pointer_v<T> && !std::is_function_v<std::remove_pointer_t<T>>) append_pointer(out, value, json);
  else if constexpr (std::is_function_v<T> || std::is_function_v<std::remove_pointer_t<T>> || std::is_member_pointer_v<T>) append_quoted(out, type_name<T>(), json);
  else if constexpr (Smart<T>) {
    if (value.get() == nullptr) out += json ? "null" : "nullptr";
    else if constexpr (std::is_array_v<typename T::element_type> || std::is_void_v<typename T::element_type> || std::is_abstract_v<typename T::element_type>) append_pointer(out, value.get(), json);
    else append(out, *value.get(), json, depth + 1);
  }
  else if constexpr (fields<T>::known && !Streamed<T>) append_fields(out, value, json, depth);
  else if constexpr (Streamed<T> && !Range<const T>) {
    if constexpr (fields<T>::known) if (json) return append_fields(out, value, json, depth);
    std::ostringstream text;
    text << std::boolalpha << value;
    if (json) append_quoted(out, text.str(), true);
    else out += text.str();
  } else if constexpr (Range<const T>) append_range(out, value, json, depth);
  else if constexpr (Walkable<T> && std::is_copy_constructible_v<T>) { T copy(value); append_range(out, copy, json, depth); }
  else if constexpr (Walkable<T>) append_range(out, const_cast<T &>(value), json, depth);
  else if constexpr (Tuple<T>) {
    out += json ? '[' : '(';
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((out += I == 0 ? "" : ", ", append(out, std::get<I>(value), json, depth + 1)), ...);
    }(std::make_index_sequence<std::tuple_size_v<T>>());
    out += json ? ']' : ')';
  } else if constexpr (Adapter<T>) append_range(out, contents(value), json, depth);
  else if (json) append_quoted(out, type_name<T>(), true);
  else { out += type_name<T>(); if constexpr (!std::is_empty_v<T>) out += " {…}"; }
}

/// Values that are more than a number or a text.
template <class T> constexpr bool has_json = !std::is_arithmetic_v<T> && !std::is_pointer_v<T> && !std::is_enum_v<T> && !std::is_function_v<T> &&
    (fields<T>::known || Walkable<T> || Tuple<T>) && !Text<T> && !std::is_same_v<T, std::filesystem::path>;

template <class T> struct entry_of { using type = void; };
template <Range T> struct entry_of<T> { using type = bare<decltype(*std::begin(std::declval<T &>()))>; };

/// Records in a row are a table.
template <class Record, class T> std::string table_of(T &rows) {
  if (std::begin(rows) == std::end(rows)) return "";
  std::string out = R"({"schema": {"fields": [)";
  std::size_t columns = 0, wide = 0;
  fields<Record>::each(*std::begin(rows), [&](const char *name, const auto &field) {
    using F = bare<decltype(field)>;
    if (!std::is_arithmetic_v<F> && !Text<F> && !enumerators<F>::known) ++wide;
    out += columns++ == 0 ? "" : ", ";
    out += R"({"name": )";
    append_quoted(out, name, true);
    out += R"(, "type": ")";
    out += std::is_same_v<F, bool> ? "boolean" : std::is_floating_point_v<F> ? "number" : std::is_arithmetic_v<F> && !Character<F> ? "integer" : "string";
    out += "\"}";
  });
  if (wide != 0) return "";
  out += R"(]}, "data": )";
  append_range(out, rows, true, 0);
  return out + "}";
}

template <class T> std::vector<std::string> bundle(T &&object) {
  using B = bare<T>;
  std::vector<std::string> parts{"text/plain", ""};
  append(parts[1], object, false, 0);
  if constexpr (Wide_text<B> && !Text<B> && !std::is_pointer_v<B>) {
    parts.push_back("application/vnd.kernelbox.string");
    parts.push_back(utf8(object));
  } else if constexpr (Text<B> || std::is_same_v<std::decay_t<B>, char *>) {
    if (const auto &text = object; parts[1] != "nullptr") { parts.push_back("application/vnd.kernelbox.string"); parts.push_back(std::string(std::string_view(text))); }
  } else if constexpr (has_json<B>) {
    std::string json;
    append(json, object, true, 0);
    if (json.size() <= longest_json) { parts.push_back("application/json"); parts.push_back(json); }
    using Entry = typename entry_of<B>::type;
    if constexpr (!std::is_void_v<Entry> && !Map<B>) if constexpr (fields<Entry>::known) {
      auto table = table_of<Entry>(object);
      if (!table.empty() && table.size() <= longest_json) { parts.push_back("application/vnd.dataresource+json"); parts.push_back(table); }
    }
  }
  return parts;
}

/// The value of a cell. Numbers and texts, which most are, cost a cell no more than a call.
template <class T> void result(T &&value) {
  using B = bare<T>;
  if constexpr (std::is_same_v<B, bool> || std::is_floating_point_v<B>) send_result(B(value));
  else if constexpr (std::is_integral_v<B> && !Character<B> && !std::is_same_v<B, __int128> && !std::is_same_v<B, unsigned __int128>) {
    if constexpr (std::is_signed_v<B>) send_result(static_cast<long long>(value));
    else send_result(static_cast<unsigned long long>(value));
  } else if constexpr (std::is_same_v<B, std::string> || std::is_same_v<B, std::string_view>) send_result(std::string_view(value));
  else send("result", bundle(value));
}

template <class T> void variable(const char *name, const char *type, const T &value) {
  std::string text;
  append(text, value, false, 0);
  std::string size;
  if constexpr (requires { value.size(); }) size = std::to_string(value.size());
  send("variable", {name, type, text, size});
}

inline void show(std::string_view type, std::string_view data) { kb_display(std::string(type).c_str(), data.data(), data.size()); }

} // namespace detail

/// Shows a value as the last one of a cell is shown.
template <class T> void display(T &&value) {
  auto parts = detail::bundle(value);
  parts.insert(parts.begin(), "");
  detail::send("display", parts);
}

/// Shows data of any MIME type.
inline void display(std::string_view type, std::string_view data) { detail::show(type, data); }

inline void html(std::string_view html) { detail::show("text/html", html); }
inline void markdown(std::string_view markdown) { detail::show("text/markdown", markdown); }
inline void svg(std::string_view svg) { detail::show("image/svg+xml", svg); }

/// Show a picture: its bytes, or the path of a file.
inline void png(std::string_view png) {
  if (png.starts_with("\x89PNG")) detail::show("image/png", png);
  else kb_png(std::string(png).c_str());
}
inline void png(const std::vector<unsigned char> &bytes) { detail::show("image/png", {reinterpret_cast<const char *>(bytes.data()), bytes.size()}); }
inline void jpeg(std::string_view jpeg) {
  if (jpeg.starts_with("\xff\xd8")) detail::show("image/jpeg", jpeg);
  else kb_jpeg(std::string(jpeg).c_str());
}

/// Shows a value as JSON; a string is taken as JSON that is already written.
template <class T> void json(const T &value) {
  if constexpr (detail::Text<T>) detail::show("application/json", value);
  else {
    std::string text;
    detail::append(text, value, true, 0);
    detail::show("application/json", text);
  }
}

/// The arguments of the run.
inline std::vector<std::string> args() { return std::vector<std::string>(argv + 1, argv + argc); }

} // namespace kb
