#include "parts.h"
#include <algorithm>
#include <fstream>
#include <sstream>

namespace kernelbox {
namespace {

constexpr unsigned mostIncludes = 20;

struct Edit {
  size_t begin;
  size_t end;
  std::string text;
};

class Cutter {
public:
  Cutter(Parts &parts, const std::string &code, const std::string &file, int number, const std::map<std::string, std::string> &modules,
         unsigned depth)
      : parts(parts), code(code), file(file), number(number), modules(modules), depth(depth), scanned(scan(code)),
        statements(scanned.statements) {}

  void cut() {
    parts.hasPreprocessor |= scanned.hasPreprocessor;
    parts.hasOpenMp |= scanned.hasOpenMp;
    if (scanned.openText != 0) return refuse("nothing closes this text", scanned.openText);
    if (scanned.isContinued) {
      parts.isIncomplete = true;
      return refuse("the last line goes on, but nothing follows", 1 + static_cast<unsigned>(std::count(code.begin(), code.end(), '\n')));
    }
    nameModules();
    for (size_t first = 0; first < statements.size() && parts.problem.empty();) {
      Kind kind = kindOf(statements[first], Kind::Program);
      size_t last = first;
      if (kind <= Kind::Construct && kind != Kind::Program) {
        size_t unclosed = first;
        last = lastOf(statements, first, Kind::Program, &unclosed);
        if (last == statements.size()) {
          parts.isIncomplete = true;
          return refuse("nothing ends what begins here: " + wordsOf(statements[unclosed]), statements[unclosed].line);
        }
      }
      place(kind, first, last);
      first = last + 1;
    }
  }

private:
  void refuse(const std::string &problem, unsigned line) {
    if (!parts.problem.empty()) return;
    parts.problem = problem;
    parts.problemLine = line;
  }

  static std::string wordsOf(const Statement &statement) {
    std::string words = statement.at(0).text;
    if (statement.at(1).kind == Token::Name) words += " " + statement.at(1).text;
    return words;
  }

  void nameModules() {
    for (auto &statement : statements)
      if (kindOf(statement, Kind::Program) == Kind::Module) {
        std::string name = nameOf(statement, Kind::Module);
        parts.modules[name] = "kb_" + std::to_string(number) + "_" + name;
      }
  }

  /// Whether only definitions follow.
  bool isLastExecuted(size_t first) const {
    for (size_t at = first + 1; at < statements.size();) {
      Kind kind = kindOf(statements[at], Kind::Program);
      bool isDefinition = (kind >= Kind::Module && kind <= Kind::Enum) || kind == Kind::Contains || kind == Kind::Use;
      if (!isDefinition) return false;
      at = (kind <= Kind::Construct ? lastOf(statements, at, Kind::Program, nullptr) : at) + 1;
    }
    return true;
  }

  void place(Kind kind, size_t first, size_t last) {
    const Statement &statement = statements[first];
    switch (kind) {
    case Kind::Program:
    case Kind::Contains:
    case Kind::Access:
      return;
    case Kind::End:
      // Of a program. Anything else ends nothing.
      if (statement.size() == 1 || statement.at(0).is("endprogram") || statement.at(1).is("program")) return;
      return refuse("there is nothing that this ends: " + wordsOf(statement), statement.line);
    case Kind::Module:
    case Kind::Submodule:
    case Kind::BlockData:
      parts.units.push_back(piece(first, last));
      return;
    case Kind::Procedure:
      return addProcedure(first, last);
    case Kind::Type:
      return addType(first, last);
    case Kind::Interface:
      return addInterface(first, last);
    case Kind::Enum:
      return addEnumerators(first, last);
    case Kind::Use:
      mention(first, last);
      parts.uses.push_back(piece(first, last));
      return;
    case Kind::Implicit:
      if (!statement.at(1).is("none"))
        refuse("names have to be declared: cells are under \"implicit none\"", statement.line);
      return;
    case Kind::Declaration:
      return addDeclaration(statement);
    case Kind::Specification:
      return addSpecification(first);
    case Kind::Include:
      return include(statement);
    case Kind::Expression:
      if (depth == 0 && isLastExecuted(first)) {
        mention(first, last);
        parts.hidesValue = statement.hasSemicolon;
        parts.value = piece(first, last);
        return;
      }
      [[fallthrough]];
    default:
      mention(first, last);
      parts.hasLoops |= kind == Kind::Construct;
      parts.executed.push_back(piece(first, last));
    }
  }

  void mention(size_t first, size_t last) { addMentions(parts.mentions, first, last); }

  void addMentions(std::set<std::string> &mentions, size_t first, size_t last) const {
    for (size_t index = first; index <= last; ++index)
      for (auto &token : statements[index].tokens) {
        if (token.kind == Token::Name) mentions.insert(token.text);
        else if (token.kind == Token::Number && token.text.find('_') != std::string::npos) mentions.insert(token.text.substr(token.text.find('_') + 1));
        else if (token.kind == Token::Sign && token.text.size() > 2 && token.text[0] == '.') mentions.insert(token.text);
      }
  }

  /// The statements as they are written, but for the names of modules.
  Piece piece(size_t first, size_t last) const {
    std::vector<Edit> edits;
    for (size_t index = first; index <= last; ++index)
      if (auto *name = nameOfModule(statements[index])) {
        auto own = parts.modules.find(name->text);
        auto earlier = modules.find(name->text);
        if (own != parts.modules.end()) edits.push_back({name->begin, name->end, own->second});
        else if (earlier != modules.end()) edits.push_back({name->begin, name->end, earlier->second});
      }
    return piece(statements[first].begin, statements[last].end, statements[first].line, edits);
  }

  Piece piece(size_t begin, size_t end, unsigned line, const std::vector<Edit> &edits = {}) const {
    size_t start = begin;
    while (start > 0 && code[start - 1] != '\n') --start;
    std::string text(begin - start, ' ');
    size_t position = begin;
    for (auto &edit : edits) {
      text += code.substr(position, edit.begin - position) + edit.text;
      position = edit.end;
    }
    return {text + code.substr(position, end - position), file, line};
  }

  /// In `use m`, `module m`, `end module m` and `submodule (m)`.
  static const Token *nameOfModule(const Statement &statement) {
    const Token &first = statement.at(0);
    size_t index = 0;
    if (first.is("use")) {
      index = 1;
      if (statement.at(1).is(",")) index = 3;
      if (statement.at(index).is("::")) ++index;
    } else if (first.is("module") && statement.size() == 2) {
      index = 1;
    } else if (first.is("endmodule") && statement.size() == 2) {
      index = 1;
    } else if (first.is("end") && statement.at(1).is("module") && statement.size() == 3) {
      index = 2;
    } else if (first.is("submodule") && statement.at(1).is("(")) {
      index = 2;
    }
    return index > 0 && statement.at(index).kind == Token::Name ? &statement.at(index) : nullptr;
  }

  /// The lines of comments right above a statement.
  std::string commentAbove(const Statement &statement) const {
    std::vector<std::string> lines;
    size_t end = statement.begin;
    while (end > 0 && code[end - 1] != '\n') --end;
    while (end > 0) {
      size_t start = end - 1;
      while (start > 0 && code[start - 1] != '\n') --start;
      std::string line = code.substr(start, end - 1 - start);
      size_t mark = line.find_first_not_of(" \t");
      if (mark == std::string::npos || line[mark] != '!' || line.compare(mark, 2, "!$") == 0) break;
      mark = line.find_first_not_of("!<> \t", mark);
      lines.insert(lines.begin(), mark == std::string::npos ? "" : line.substr(mark));
      end = start;
    }
    std::string comment;
    for (auto &line : lines) comment += (comment.empty() ? "" : "\n") + line;
    return comment;
  }

  std::string textOf(const Statement &statement, size_t first, size_t last) const {
    if (first >= last) return "";
    return code.substr(statement.at(first).begin, statement.at(last - 1).end - statement.at(first).begin);
  }

  /// In one line.
  std::string flat(const Statement &statement, size_t first, size_t last) const {
    std::string text = textOf(statement, first, last), result;
    for (size_t index = 0; index < text.size(); ++index) {
      char character = text[index] == '\n' || text[index] == '\t' || text[index] == '&' ? ' ' : text[index];
      if (character != ' ' || result.empty() || result.back() != ' ') result += character;
    }
    return result;
  }

  Name &define(const std::string &name, Name::Kind kind, const std::string &declaration, const std::string &comment = "") {
    Name &entry = parts.names[name];
    entry.kind = kind;
    entry.owner = number;
    entry.declaration = declaration;
    entry.comment = comment;
    return entry;
  }

  void addProcedure(size_t first, size_t last) {
    const Statement &statement = statements[first];
    std::string name = nameOf(statement, Kind::Procedure);
    Procedure procedure{piece(first, last), {}};
    addMentions(procedure.mentions, first, last);
    parts.mentions.insert(procedure.mentions.begin(), procedure.mentions.end());
    if (parts.procedures.count(name)) return refuse("the procedure '" + name + "' is there twice in this cell", statement.line);
    parts.procedureOrder.push_back(name);
    parts.procedures.emplace(name, std::move(procedure));
    for (size_t index = first; index <= last; ++index)
      if (index > first && kindOf(statements[index], Kind::Module) == Kind::Declaration)
        for (auto &entity : declarationOf(statements[index]).entities) parts.procedures.at(name).mentions.erase(entity.name);
    // Its arguments are a part of what a reader wants to know.
    std::string text = flat(statement, 0, statement.size());
    for (size_t index = first + 1; index < last; ++index)
      if (kindOf(statements[index], Kind::Module) == Kind::Declaration) {
        Declaration declaration = declarationOf(statements[index]);
        if (declaration.has("intent") || declaration.has("value")) text += "\n  " + flat(statements[index], 0, statements[index].size());
      }
    define(name, Name::Procedure, text, commentAbove(statement));
  }

  void addType(size_t first, size_t last) {
    mention(first, last);
    parts.specification.push_back(piece(first, last));
    const Statement &statement = statements[first];
    DerivedType type;
    type.name = nameOf(statement, Kind::Type);
    for (size_t index = 1; index < statement.size(); ++index) {
      if (statement.at(index).is("extends")) type.parent = statement.at(index + 2).text;
      if (statement.at(index).is("abstract")) type.isAbstract = true;
      if (statement.at(index).text == type.name && statement.at(index + 1).is("(")) type.hasParameters = true;
    }
    bool isBound = false;
    for (size_t index = first + 1; index < last; ++index) {
      const Statement &inner = statements[index];
      if (inner.at(0).is("contains") && inner.size() == 1) isBound = true;
      else if (isBound) addBindings(type, inner);
      else if (kindOf(inner, Kind::Module) == Kind::Declaration) addComponents(type, inner);
    }
    define(type.name, Name::Type, code.substr(statement.begin, statements[last].end - statement.begin), commentAbove(statement));
    parts.types[type.name] = std::move(type);
  }

  static void addBindings(DerivedType &type, const Statement &statement) {
    if (!statement.at(0).is("procedure") && !statement.at(0).is("generic")) return;
    size_t index = 1;
    for (size_t scan = 1; scan < statement.size(); ++scan)
      if (statement.at(scan).is("::")) index = scan + 1;
    while (statement.at(index).kind == Token::Name) {
      if (!statement.at(index + 1).is("(")) type.bindings.push_back(statement.at(index).text);
      while (index < statement.size() && !statement.at(index).is(",")) ++index;
      if (statement.at(0).is("generic")) return;
      ++index;
    }
  }

  void addComponents(DerivedType &type, const Statement &statement) const {
    Declaration declaration = declarationOf(statement);
    for (auto &entity : declaration.entities) {
      Component component;
      component.name = entity.name;
      component.declaration = describe(statement, declaration, entity);
      component.derived = declaration.derived;
      component.isPolymorphic = declaration.isPolymorphic;
      component.isProcedure = declaration.isProcedure;
      component.isAllocatable = declaration.has("allocatable");
      component.isPointer = declaration.has("pointer");
      component.rank = entity.hasBounds ? rankOf(statement, declaration, entity) : 0;
      type.components.push_back(std::move(component));
    }
  }

  static unsigned rankOf(const Statement &statement, const Declaration &declaration, const Entity &entity) {
    size_t bracket = entity.begin + 1;
    if (!statement.at(bracket).is("(") || bracket >= entity.end) {
      bracket = declaration.typeEnd;
      while (bracket < declaration.attributesEnd && !statement.at(bracket).is("dimension")) ++bracket;
      ++bracket;
    }
    unsigned rank = 1;
    int depth = 0;
    for (size_t index = bracket, end = afterBracket(statement, bracket); index < end; ++index) {
      if (statement.at(index).is("(")) ++depth;
      else if (statement.at(index).is(")")) --depth;
      else if (depth == 1 && statement.at(index).is(",")) ++rank;
    }
    return rank;
  }

  std::string describe(const Statement &statement, const Declaration &declaration, const Entity &entity) const {
    return flat(statement, 0, declaration.attributesEnd) + " :: " + flat(statement, entity.begin, entity.end);
  }

  void addDeclaration(const Statement &statement) {
    size_t index = static_cast<size_t>(&statement - statements.data());
    mention(index, index);
    Declaration declaration = declarationOf(statement);
    bool isConstant = declaration.has("parameter");
    bool isExternal = declaration.has("external") || declaration.has("intrinsic");
    std::string comment = commentAbove(statement), type = flat(statement, 0, declaration.typeEnd), rest;
    bool hasValues = false;
    for (auto &entity : declaration.entities) {
      std::string described = describe(statement, declaration, entity);
      if (isConstant && entity.valueBegin < entity.valueEnd) described += " = " + flat(statement, entity.valueBegin, entity.valueEnd);
      Name &name = define(entity.name, isConstant ? Name::Constant : isExternal ? Name::Procedure : Name::Variable, described, comment);
      name.type = type;
      name.derived = declaration.derived;
      name.isAllocatable = declaration.has("allocatable");
      name.isPointer = declaration.has("pointer");
      name.isProcedurePointer = declaration.isProcedure;
      std::string text = textOf(statement, entity.begin, entity.end);
      if (entity.valueBegin < entity.valueEnd) {
        std::string value = textOf(statement, entity.valueBegin, entity.valueEnd);
        if (isConstant || entity.isPointed) {
          text += (entity.isPointed ? " => " : " = ") + value;
        } else {
          // When its turn comes: it may depend on what was executed before it.
          hasValues = true;
          parts.executed.push_back({"  " + entity.name + " = " + value, file, statement.line});
        }
      }
      rest += (rest.empty() ? "" : ", ") + text;
    }
    if (hasValues) parts.specification.push_back({textOf(statement, 0, declaration.attributesEnd) + " :: " + rest, file, statement.line});
    else parts.specification.push_back(piece(index, index));
  }

  void addSpecification(size_t index) {
    const Statement &statement = statements[index];
    mention(index, index);
    parts.specification.push_back(piece(index, index));
    if (statement.at(0).is("namelist")) {
      for (size_t token = 1; token + 2 < statement.size(); ++token)
        if (statement.at(token).is("/") && statement.at(token + 2).is("/")) define(statement.at(token + 1).text, Name::Other, flat(statement, 0, statement.size()));
    } else if (statement.at(0).is("external") || statement.at(0).is("procedure") || statement.at(0).is("intrinsic")) {
      for (size_t token = 1; token < statement.size(); ++token)
        if (statement.at(token).kind == Token::Name) define(statement.at(token).text, Name::Procedure, flat(statement, 0, statement.size()));
    }
  }

  void addEnumerators(size_t first, size_t last) {
    mention(first, last);
    parts.specification.push_back(piece(first, last));
    for (size_t index = first + 1; index < last; ++index) {
      const Statement &statement = statements[index];
      size_t token = statement.at(1).is("::") ? 2 : 1;
      while (statement.at(token).kind == Token::Name) {
        define(statement.at(token).text, Name::Constant, "enumerator :: " + statement.at(token).text);
        while (token < statement.size() && !statement.at(token).is(",")) ++token;
        ++token;
      }
    }
  }

  void addInterface(size_t first, size_t last) {
    mention(first, last);
    parts.specification.push_back(piece(first, last));
    std::string spec = nameOf(statements[first], Kind::Interface);
    std::set<std::string> specifics;
    for (size_t index = first + 1; index < last; ++index) {
      const Statement &statement = statements[index];
      Kind kind = kindOf(statement, Kind::Interface);
      if (kind == Kind::Procedure) {
        std::string name = nameOf(statement, kind);
        define(name, Name::Procedure, flat(statement, 0, statement.size()), commentAbove(statement));
        specifics.insert(name);
        index = lastOf(statements, index, Kind::Interface);
      } else if (statement.at(0).is("procedure") || statement.at(0).is("module")) {
        for (size_t token = statement.at(0).is("module") ? 2 : 1; token < statement.size(); ++token)
          if (statement.at(token).kind == Token::Name) specifics.insert(statement.at(token).text);
      }
    }
    if (spec.empty()) return;
    Generic &generic = parts.generics[spec];
    generic.owner = number;
    generic.specifics.insert(specifics.begin(), specifics.end());
    if (spec.find('(') == std::string::npos && !parts.names.count(spec)) define(spec, Name::Generic, "interface " + spec, commentAbove(statements[first]));
  }

  void include(const Statement &statement) {
    std::string path = statement.at(1).text;
    std::ifstream input(path);
    if (!input || depth >= mostIncludes) return refuse("cannot include '" + path + "'", statement.line);
    std::stringstream text;
    text << input.rdbuf();
    std::string included = text.str();
    std::string before = parts.problem;
    Cutter(parts, included, path, number, modules, depth + 1).cut();
    if (before.empty() && !parts.problem.empty()) {
      parts.problem = path + ":" + std::to_string(parts.problemLine) + ": " + parts.problem;
      parts.problemLine = statement.line;
      parts.isIncomplete = false;
    }
  }

  Parts &parts;
  const std::string &code;
  const std::string &file;
  int number;
  const std::map<std::string, std::string> &modules;
  unsigned depth;
  Scan scanned;
  const std::vector<Statement> &statements;
};

} // namespace

Parts partsOf(const std::string &code, const std::string &file, int number, const std::map<std::string, std::string> &modules) {
  Parts parts;
  Cutter(parts, code, file, number, modules, 0).cut();
  return parts;
}

} // namespace kernelbox
