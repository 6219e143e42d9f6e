#include "names.h"
#include <algorithm>

namespace kernelbox {

const char *const ownFile = "kernelbox";

namespace {

const std::set<std::string> &helpers() {
  static const std::set<std::string> names{"kb_html", "kb_markdown", "kb_svg", "kb_latex", "kb_json", "kb_png", "kb_jpeg", "kb_display"};
  return names;
}

std::string moduleName(int number) { return "kb_" + std::to_string(number); }

bool isOperator(const std::string &spec) { return spec.find('(') != std::string::npos; }

template <class Container> bool meets(const std::set<std::string> &left, const Container &right) {
  return std::any_of(left.begin(), left.end(), [&](auto &name) { return right.count(name) != 0; });
}

} // namespace

/// A module while it is put together.
struct Names::Draft {
  const Parts &parts;
  int number;
  const ModuleOptions &options;
  ModuleSource source;
  /// By cell, what is used of it.
  std::map<int, std::set<std::string>> imports{};
  std::string interfaces{};

  void add(const Piece &piece) {
    source.text += "# " + std::to_string(piece.line) + " \"" + piece.file + "\"\n" + piece.text + "\n";
  }
  void addOwn(const std::string &lines) { source.text += std::string("# 1 \"") + ownFile + "\"\n" + lines; }
};

const DerivedType *Names::typeOf(const std::string &name) const {
  auto found = types.find(name);
  return found == types.end() ? nullptr : &found->second;
}

/// Procedures of earlier cells that use, whether directly or not, what this cell defines again.
std::set<std::string> Names::dependentsOf(const Parts &parts) const {
  std::set<std::string> changed, found;
  for (auto &[name, entry] : parts.names)
    if (names.count(name)) changed.insert(name);
  for (auto &[spec, generic] : generics)
    if (meets(generic.specifics, parts.procedures) || parts.generics.count(spec)) changed.insert(spec);
  for (bool isMore = !changed.empty(); isMore;) {
    isMore = false;
    for (auto &[name, procedure] : procedures)
      if (!parts.names.count(name) && !found.count(name) && meets(procedure.mentions, changed)) {
        found.insert(name);
        changed.insert(name);
        isMore = true;
      }
  }
  return found;
}

/// Interfaces of earlier cells: used as they are, or put together again where procedures behind them are new.
void Names::addGenerics(Draft &draft) const {
  auto &parts = draft.parts;
  for (auto &[spec, generic] : generics) {
    bool isMentioned = isOperator(spec) || parts.mentions.count(spec) != 0;
    bool isDeclared = parts.generics.count(spec) != 0;
    if (!isDeclared && parts.names.count(spec) && parts.names.at(spec).kind != Name::Type) continue; // hidden by something else
    bool isNew = meets(generic.specifics, parts.procedures) || meets(generic.specifics, draft.source.dependents);
    if (!isNew) {
      if (isMentioned || isDeclared) draft.imports[generic.owner].insert(spec);
      if (isDeclared) {
        Generic &all = draft.source.generics[spec] = parts.generics.at(spec);
        all.specifics.insert(generic.specifics.begin(), generic.specifics.end());
      }
      continue;
    }
    Generic whole{draft.number, {}};
    std::set<std::string> own;
    if (isDeclared) own = parts.generics.at(spec).specifics;
    std::string lines;
    for (auto &specific : generic.specifics) {
      if (own.count(specific)) continue;
      bool isHere = parts.procedures.count(specific) || draft.source.dependents.count(specific);
      if (!isHere && !names.count(specific)) continue;
      if (!isHere) draft.imports[names.at(specific).owner].insert(specific);
      lines += "procedure :: " + specific + "\n";
      whole.specifics.insert(specific);
    }
    whole.specifics.insert(own.begin(), own.end());
    if (!lines.empty()) draft.interfaces += "interface " + spec + "\n" + lines + "end interface\n";
    draft.source.generics[spec] = std::move(whole);
  }
}

std::set<int> Names::showingCells() const {
  std::set<int> cells;
  for (auto &name : shown)
    if (auto found = names.find(name); found != names.end()) cells.insert(found->second.owner);
  return cells;
}

bool Names::canShow(const Draft &draft, const Component &component) const {
  if (component.isProcedure) return false;
  if (component.derived.empty()) return !component.isPolymorphic && component.declaration.rfind("class", 0) != 0;
  if (component.rank > 1) return false;
  if (draft.parts.types.count(component.derived)) return !draft.parts.types.at(component.derived).hasParameters && !draft.parts.types.at(component.derived).isAbstract;
  return shown.count(component.derived) != 0 && !draft.parts.names.count(component.derived);
}

std::vector<Component> Names::componentsOf(const Draft &draft, const DerivedType &type) const {
  std::vector<Component> components;
  if (!type.parent.empty()) {
    auto own = draft.parts.types.find(type.parent);
    const DerivedType *parent = own != draft.parts.types.end() ? &own->second : typeOf(type.parent);
    if (parent) components = componentsOf(draft, *parent);
  }
  components.insert(components.end(), type.components.begin(), type.components.end());
  return components;
}

/// A procedure that shows values of a type, and one for lists of them.
void Names::addShower(Draft &draft, const DerivedType &type, std::string &text) const {
  text += "recursive subroutine kb_show_" + type.name + "(kb_value)\ntype(" + type.name + "), intent(in) :: kb_value\n";
  text += "if (.not. kb_enter('" + type.name + "')) return\n";
  for (auto &component : componentsOf(draft, type)) {
    std::string value = "kb_value%" + component.name;
    text += "call kb_field('" + component.name + "')\n";
    std::string show = canShow(draft, component) ? "call kb_show(" + value + ")\n" : std::string("call kb_unknown()\n");
    if ((component.isAllocatable || component.isPointer) && !component.isProcedure)
      text += std::string("if (") + (component.isPointer ? "associated(" : "allocated(") + value + ")) then\n" + show + "else\ncall kb_nothing()\nend if\n";
    else text += show;
  }
  text += "call kb_leave()\nend subroutine\n";
  text += "recursive subroutine kb_list_" + type.name + "(kb_values)\ntype(" + type.name + "), intent(in) :: kb_values(:)\ninteger :: kb_index\n";
  text += "if (.not. kb_enter_list(size(kb_values))) return\ndo kb_index = 1, min(size(kb_values), kb_most)\n";
  text += "call kb_show(kb_values(kb_index))\nend do\ncall kb_leave()\nend subroutine\n";
}

/// The newest version of a module that is defined again is what is used.
Piece Names::renewed(Piece use, const Parts &parts) const {
  for (auto &[name, compiled] : parts.modules) {
    auto before = modules.find(name);
    if (before == modules.end()) continue;
    size_t at = use.text.find(before->second), end = at + before->second.size();
    if (at != std::string::npos && (end == use.text.size() || (!isalnum(static_cast<unsigned char>(use.text[end])) && use.text[end] != '_')))
      use.text.replace(at, before->second.size(), compiled);
  }
  return use;
}

ModuleSource Names::moduleOf(const Parts &parts, int number, const ModuleOptions &options) const {
  Draft draft{parts, number, options, {}};
  std::set<std::string> mentions = parts.mentions;
  if (options.hasDependents) {
    draft.source.dependents = dependentsOf(parts);
    for (auto &name : draft.source.dependents) {
      auto &more = procedures.at(name).mentions;
      mentions.insert(more.begin(), more.end());
    }
  }
  addGenerics(draft);
  for (auto &mention : mentions)
    if (auto found = names.find(mention); found != names.end() && !parts.names.count(mention) && !draft.source.dependents.count(mention) &&
                                          found->second.kind != Name::Generic)
      draft.imports[found->second.owner].insert(mention);

  std::vector<const DerivedType *> showable;
  if (options.hasShowers)
    for (auto &[name, type] : parts.types)
      if (!type.isAbstract && !type.hasParameters) showable.push_back(&type);
  bool usesValues = parts.value.has_value() || !showable.empty();

  for (auto &unit : parts.units) draft.add(unit);
  std::string head = "module " + moduleName(number) + "\n";
  std::string offered;
  for (auto &helper : helpers())
    if (mentions.count(helper) && !parts.names.count(helper) && !names.count(helper)) offered += (offered.empty() ? "" : ", ") + helper;
  if (!offered.empty()) head += "use kernelbox, only: " + offered + "\n";
  if (usesValues) {
    head += "use kernelbox_values, only: kb_show, kb_begin, kb_end, kb_enter, kb_enter_list, kb_field, kb_leave, kb_nothing, kb_unknown, kb_most\n";
    for (int cell : showingCells()) head += "use " + moduleName(cell) + ", only: kb_show\n";
  }
  draft.addOwn(head);
  for (auto &use : uses) draft.add(renewed(use, parts));
  for (auto &use : parts.uses) draft.add(use);
  std::string imported;
  for (auto &[cell, which] : draft.imports) {
    std::string list;
    for (auto &name : which) list += (list.empty() ? "" : ", ") + name;
    imported += "use " + moduleName(cell) + ", only: " + list + "\n";
  }
  draft.addOwn(imported + "implicit none\n");
  for (auto &piece : parts.specification) draft.add(piece);
  std::string own = draft.interfaces;
  if (!showable.empty()) {
    own += "interface kb_show\n";
    for (auto *type : showable) own += "procedure :: kb_show_" + type->name + ", kb_list_" + type->name + "\n";
    own += "end interface\n";
  }
  own += "contains\n";
  draft.addOwn(own);
  if (!parts.executed.empty() || parts.value) {
    draft.addOwn("subroutine " + moduleName(number) + "_run() bind(c, name=\"" + moduleName(number) + "_run\")\n");
    for (auto &piece : parts.executed) draft.add(piece);
    if (parts.value && options.showsValue) {
      draft.addOwn("call kb_begin()\n");
      draft.add({"call kb_show(" + parts.value->text + ")", parts.value->file, parts.value->line});
      draft.addOwn("call kb_end()\n");
    } else if (parts.value) {
      draft.add({"associate (kb_value => " + parts.value->text + ")", parts.value->file, parts.value->line});
      draft.addOwn("end associate\n");
    }
    draft.addOwn("end subroutine\n");
  }
  for (auto &name : parts.procedureOrder) draft.add(parts.procedures.at(name).piece);
  for (auto &name : draft.source.dependents) draft.add(procedures.at(name).piece);
  std::string showers;
  for (auto *type : showable) {
    addShower(draft, *type, showers);
    draft.source.showers.insert(type->name);
  }
  draft.addOwn(showers + "end module\n");
  return std::move(draft.source);
}

void Names::adopt(const Parts &parts, int number, const ModuleSource &source) {
  for (auto &[name, entry] : parts.names) {
    names[name] = entry;
    types.erase(name);
    procedures.erase(name);
    shown.erase(name);
    if (!parts.generics.count(name) && !source.generics.count(name)) generics.erase(name);
  }
  for (auto &name : source.dependents) names[name].owner = number;
  for (auto &[name, procedure] : parts.procedures) procedures[name] = procedure;
  for (auto &[name, type] : parts.types) types[name] = type;
  for (auto &[spec, generic] : parts.generics) generics[spec] = generic;
  for (auto &[spec, generic] : source.generics) generics[spec] = {number, generic.specifics};
  for (auto &[name, generic] : generics)
    if (auto found = names.find(name); found != names.end() && found->second.kind == Name::Generic) found->second.owner = generic.owner;
  for (auto &use : uses) use = renewed(use, parts);
  for (auto &[name, compiled] : parts.modules) modules[name] = compiled;
  for (auto &use : parts.uses)
    if (std::none_of(uses.begin(), uses.end(), [&](auto &other) { return other.text == use.text; })) uses.push_back(use);
  shown.insert(source.showers.begin(), source.showers.end());
}

std::string Names::showersOf(const std::vector<std::string> &variables, int number) const {
  std::string text = "module " + moduleName(number) + "\nuse kernelbox_values, only: kb_show, kb_begin, kb_end, kb_nothing, kb_unknown\n";
  std::map<int, std::set<std::string>> imports;
  for (auto &variable : variables) imports[names.at(variable).owner].insert(variable);
  for (int cell : showingCells()) imports[cell].insert("kb_show");
  for (auto &[cell, which] : imports) {
    std::string list;
    for (auto &name : which) list += (list.empty() ? "" : ", ") + name;
    text += "use " + moduleName(cell) + ", only: " + list + "\n";
  }
  text += "implicit none\ncontains\n";
  unsigned index = 0;
  for (auto &variable : variables) {
    const Name &name = names.at(variable);
    std::string procedure = moduleName(number) + "_" + std::to_string(++index);
    text += "subroutine " + procedure + "() bind(c, name='" + procedure + "')\ncall kb_begin()\n";
    bool isKnown = !name.isProcedurePointer && name.type.rfind("class", 0) != 0 && (name.derived.empty() || shown.count(name.derived));
    std::string show = isKnown ? "call kb_show(" + variable + ")\n" : std::string("call kb_unknown()\n");
    if ((name.isAllocatable || name.isPointer) && !name.isProcedurePointer)
      text += std::string("if (") + (name.isPointer ? "associated(" : "allocated(") + variable + ")) then\n" + show + "else\ncall kb_nothing()\nend if\n";
    else text += show;
    text += "call kb_end()\nend subroutine\n";
  }
  return text + "end module\n";
}

} // namespace kernelbox
