// A small JSON writer and reader.
struct Json;
using List = std::vector<Json>;
using Object = std::map<std::string, Json>;
struct Json {
  std::variant<std::nullptr_t, bool, double, std::string, List, Object> value;
};
std::string write(const Json &json);
// %%
std::string write(const Json &json) {
  struct Writer {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(double value) const { return std::format("{}", value); }
    std::string operator()(const std::string &value) const { return '"' + value + '"'; }
    std::string operator()(const List &list) const {
      std::string text;
      for (auto &item : list) text += (text.empty() ? "" : ",") + write(item);
      return '[' + text + ']';
    }
    std::string operator()(const Object &object) const {
      std::string text;
      for (auto &[name, item] : object) text += (text.empty() ? "\"" : ",\"") + name + "\":" + write(item);
      return '{' + text + '}';
    }
  };
  return std::visit(Writer{}, json.value);
}
Json person{Object{{"name", {"Ada"}}, {"born", {1815.0}}, {"tags", {List{{"maths"}, {true}, {nullptr}}}}}};
write(person)
// %%
class Reader {
 public:
  explicit Reader(std::string_view text) : rest(text) {}
  Json read() {
    skip();
    char first = rest.at(0);
    if (first == '"') return {string()};
    if (first == '[') return {list()};
    if (rest.starts_with("true")) return rest.remove_prefix(4), Json{true};
    if (rest.starts_with("null")) return rest.remove_prefix(4), Json{nullptr};
    double number = 0;
    auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failure != std::errc{}) throw std::invalid_argument("no JSON: " + std::string(rest));
    rest.remove_prefix(end - rest.data());
    return {number};
  }
 private:
  void skip() { rest.remove_prefix(std::min(rest.find_first_not_of(" ,"), rest.size())); }
  std::string string() {
    auto end = rest.find('"', 1);
    std::string text(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    return text;
  }
  List list() {
    List items;
    rest.remove_prefix(1);
    for (skip(); rest.at(0) != ']'; skip()) items.push_back(read());
    rest.remove_prefix(1);
    return items;
  }
  std::string_view rest;
};
std::println("{}", write(Reader("[1, \"two\", [true, null], 4.5]").read()));
// %%
Reader("[1, oops]").read();
