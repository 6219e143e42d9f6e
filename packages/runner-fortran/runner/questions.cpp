#include "questions.h"
#include "intrinsics.h"
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

namespace kernelbox {
namespace {

bool isNamePart(char character) { return std::isalnum(static_cast<unsigned char>(character)) || character == '_'; }

size_t startOfWord(const std::string &code, size_t position) {
  while (position > 0 && isNamePart(code[position - 1])) --position;
  return position;
}

bool startsWith(const std::string &text, const std::string &start) { return text.compare(0, start.size(), start) == 0; }

/// The names before `%`, the outermost first: of `list(i)%first%na` these are `list` and `first`.
std::vector<std::string> ownersBefore(const std::string &code, size_t position) {
  std::vector<std::string> owners;
  while (position > 0) {
    while (position > 0 && code[position - 1] == ' ') --position;
    if (position == 0 || code[position - 1] != '%') break;
    --position;
    while (position > 0 && code[position - 1] == ' ') --position;
    if (position > 0 && code[position - 1] == ')') {
      int depth = 0;
      do {
        --position;
        depth += code[position] == ')' ? 1 : code[position] == '(' ? -1 : 0;
      } while (position > 0 && depth > 0);
    }
    size_t start = startOfWord(code, position);
    if (start == position) return {};
    owners.insert(owners.begin(), lower(code.substr(start, position - start)));
    position = start;
  }
  return owners;
}

std::vector<Component> componentsOf(const Names &names, const DerivedType &type) {
  std::vector<Component> components;
  if (auto *parent = type.parent.empty() ? nullptr : names.typeOf(type.parent)) components = componentsOf(names, *parent);
  components.insert(components.end(), type.components.begin(), type.components.end());
  return components;
}

const DerivedType *typeOfOwners(const Names &names, const std::vector<std::string> &owners) {
  auto found = names.all().find(owners.empty() ? "" : owners[0]);
  if (found == names.all().end()) return nullptr;
  const DerivedType *type = names.typeOf(found->second.derived);
  for (size_t index = 1; type && index < owners.size(); ++index) {
    std::string next;
    for (auto &component : componentsOf(names, *type))
      if (component.name == owners[index]) next = component.derived;
    type = names.typeOf(next);
  }
  return type;
}

void completeMembers(const Names &names, const DerivedType &type, std::set<std::string> &matches) {
  for (auto &component : componentsOf(names, type)) matches.insert(component.name);
  for (const DerivedType *next = &type; next; next = next->parent.empty() ? nullptr : names.typeOf(next->parent))
    matches.insert(next->bindings.begin(), next->bindings.end());
}

void complete(const Session &session, const std::string &code, size_t position) {
  size_t start = startOfWord(code, position);
  std::string prefix = lower(code.substr(start, position - start));
  std::vector<std::string> matches;
  auto owners = ownersBefore(code, start);
  if (!owners.empty() || (start > 0 && code[start - 1] == '%')) {
    std::set<std::string> members;
    if (auto *type = typeOfOwners(session.names, owners)) completeMembers(session.names, *type, members);
    for (auto &member : members)
      if (startsWith(member, prefix)) matches.push_back(member);
  } else {
    std::set<std::string> own, others;
    for (auto &[name, entry] : session.names.all()) own.insert(name);
    Parts parts = session.partsOf(code.substr(0, start));
    for (auto &[name, entry] : parts.names) own.insert(name);
    for (auto &intrinsic : intrinsics()) others.insert(intrinsic.name);
    for (auto &keyword : keywords()) others.insert(keyword);
    for (auto *names : {&own, &others})
      for (auto &name : *names)
        if (startsWith(name, prefix) && std::find(matches.begin(), matches.end(), name) == matches.end()) matches.push_back(name);
  }
  std::vector<std::string> fields{std::to_string(start), std::to_string(position)};
  fields.insert(fields.end(), matches.begin(), matches.end());
  emit("answer", {fields.begin(), fields.end()});
}

std::string withComment(const Name &name) {
  std::string text;
  if (!name.comment.empty()) {
    text = "! " + name.comment;
    for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 3) text.insert(at + 1, "! ");
    text += "\n";
  }
  return text + name.declaration;
}

std::string describe(Session &session, const std::string &code, size_t position) {
  size_t start = startOfWord(code, position), end = position;
  while (end < code.size() && isNamePart(code[end])) ++end;
  std::string word = lower(code.substr(start, end - start));
  auto owners = ownersBefore(code, start);
  if (!owners.empty()) {
    if (auto *type = typeOfOwners(session.names, owners))
      for (auto &component : componentsOf(session.names, *type))
        if (component.name == word) return component.declaration;
    return "";
  }
  if (auto found = session.names.all().find(word); found != session.names.all().end()) {
    std::string text = withComment(found->second);
    if (found->second.kind == Name::Variable)
      for (auto &shown : session.showVariables({word})) text += " = " + shown.text;
    return text;
  }
  for (auto &intrinsic : intrinsics())
    if (word == intrinsic.name) return intrinsic.usage;
  return "";
}

const char *check(const Session &session, const std::string &code) {
  Parts parts = session.partsOf(code);
  if (parts.isIncomplete) return "incomplete";
  if (!parts.problem.empty()) return "invalid";
  auto problems = session.check(parts);
  bool isWrong = std::any_of(problems.begin(), problems.end(), [](auto &problem) { return problem.isError; });
  return isWrong ? "invalid" : "complete";
}

/// `real, dimension(:), allocatable`
std::string typeOf(const std::string &name, const Name &entry) {
  const std::string &declaration = entry.declaration;
  size_t colons = declaration.find(" :: ");
  if (colons == std::string::npos) return entry.type;
  std::string rest = declaration.substr(colons + 4), attributes = declaration.substr(std::min(entry.type.size(), colons), colons - std::min(entry.type.size(), colons));
  std::string bounds = rest.size() > name.size() ? rest.substr(name.size()) : "";
  bounds.erase(bounds.find_last_not_of(' ') + 1);
  if (size_t value = bounds.find(" = "); value != std::string::npos) bounds.erase(value);
  return entry.type + (!bounds.empty() && bounds[0] == '(' ? ", dimension" + bounds : "") + attributes;
}

void listVariables(Session &session) {
  std::vector<std::string> variables, fields;
  for (auto &[name, entry] : session.names.all())
    if (entry.kind == Name::Variable || (entry.kind == Name::Constant && !entry.type.empty())) variables.push_back(name);
  for (auto &shown : session.showVariables(variables)) {
    auto &entry = session.names.all().at(shown.name);
    fields.insert(fields.end(), {shown.name, typeOf(shown.name, entry), shown.text, shown.size < 0 ? "" : std::to_string(shown.size)});
  }
  emit("answer", {fields.begin(), fields.end()});
}

} // namespace

void answer(Session &session, const Frame &request) {
  std::string code(request.field(0));
  size_t position = std::min<size_t>(std::strtoul(std::string(request.field(1)).c_str(), nullptr, 10), code.size());
  if (request.name == "complete") {
    complete(session, code, position);
  } else if (request.name == "inspect") {
    std::string text = describe(session, code, position);
    if (text.empty()) emit("answer");
    else emit("answer", {"text/plain", text});
  } else if (request.name == "check") {
    std::string status = check(session, code);
    if (status == "incomplete") emit("answer", {status, "  "});
    else emit("answer", {status});
  } else if (request.name == "variables") {
    listVariables(session);
  }
}

} // namespace kernelbox
