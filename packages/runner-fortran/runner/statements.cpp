#include "statements.h"
#include <algorithm>
#include <set>

namespace kernelbox {
namespace {

bool isOpening(const Token &token) { return token.is("(") || token.is("[") || token.is("(/"); }
bool isClosing(const Token &token) { return token.is(")") || token.is("]") || token.is("/)"); }
bool isName(const Token &token) { return token.kind == Token::Name; }

const std::set<std::string> &prefixes() {
  static const std::set<std::string> names{"pure", "elemental", "impure", "recursive", "non_recursive", "module"};
  return names;
}

/// What statements that are executed begin with, where it is no name.
const std::set<std::string> &executableWords() {
  static const std::set<std::string> words{
      "allocate", "backspace", "call", "case", "class", "close", "continue", "cycle", "deallocate", "else", "elseif", "elsewhere", "endfile",
      "entry", "exit", "flush", "forall", "goto", "if", "inquire", "nullify", "open", "pause", "print", "read", "return", "rewind", "stop",
      "where", "write",
  };
  return words;
}

const std::set<std::string> &specificationWords() {
  static const std::set<std::string> words{
      "allocatable", "asynchronous", "bind", "codimension", "common", "contiguous", "data", "dimension", "equivalence", "external",
      "generic", "intrinsic", "namelist", "optional", "parameter", "pointer", "target", "value", "volatile", "procedure",
  };
  return words;
}

/// `error stop`, `go to`, `sync all`: neither word is one alone.
bool beginsWithTwoWords(const Statement &statement) {
  static const std::set<std::string> pairs{"error stop", "go to", "sync all", "sync images", "sync memory", "sync team", "event post",
                                           "event wait", "fail image", "form team", "end file"};
  return pairs.count(statement.at(0).text + " " + statement.at(1).text) != 0;
}

/// After `integer`, `real(8)`, `character*5`, `type(t)`, …; 0: this is no type.
size_t afterType(const Statement &statement, size_t start) {
  static const std::set<std::string> plain{"integer", "real", "complex", "logical", "character", "byte", "doubleprecision"};
  static const std::set<std::string> bracketed{"type", "class", "procedure"};
  const Token &first = statement.at(start);
  size_t next = start + 1;
  if (first.is("double") && (statement.at(next).is("precision") || statement.at(next).is("complex"))) return next + 1;
  if (bracketed.count(first.text) && statement.at(next).is("(")) return afterBracket(statement, next);
  if (!plain.count(first.text)) return 0;
  if (statement.at(next).is("*")) {
    ++next;
    return statement.at(next).is("(") ? afterBracket(statement, next) : next + 1;
  }
  return statement.at(next).is("(") ? afterBracket(statement, next) : next;
}

/// Where `function` or `subroutine` stands, after its prefixes; the size: nowhere.
size_t procedureWord(const Statement &statement) {
  size_t index = 0;
  while (index < statement.size()) {
    const Token &token = statement.at(index);
    if (!isName(token)) break;
    if ((token.is("function") || token.is("subroutine")) && isName(statement.at(index + 1))) {
      // `real function` is a variable; a function has arguments.
      if (token.is("subroutine") || statement.at(index + 2).is("(")) return index;
    }
    if (prefixes().count(token.text)) ++index;
    else if (size_t after = afterType(statement, index)) index = after;
    else break;
  }
  return statement.size();
}

/// `a = `, `a(1)%b => `
bool isAssignment(const Statement &statement) {
  size_t index = 0;
  while (isName(statement.at(index))) {
    ++index;
    while (isOpening(statement.at(index))) index = afterBracket(statement, index);
    if (statement.at(index).is("=") || statement.at(index).is("=>")) return true;
    if (!statement.at(index).is("%")) return false;
    ++index;
  }
  return false;
}

/// The first token that counts: after the name of a construct.
size_t afterName(const Statement &statement) {
  return isName(statement.at(0)) && statement.at(1).is(":") && isName(statement.at(2)) ? 2 : 0;
}

bool beginsConstruct(const Statement &statement) {
  size_t first = afterName(statement);
  const Token &word = statement.at(first);
  const Token &next = statement.at(first + 1);
  bool hasBracket = next.is("(");
  size_t after = hasBracket ? afterBracket(statement, first + 1) : 0;
  if (word.is("if")) return hasBracket && statement.at(after).is("then") && after + 1 >= statement.size();
  if (word.is("do")) return !next.is("=") && !next.is("%");
  if (word.is("dowhile") || word.is("doconcurrent")) return hasBracket;
  if (word.is("select")) return next.is("case") || next.is("type") || next.is("rank");
  if (word.is("selectcase") || word.is("selecttype")) return hasBracket;
  if (word.is("where") || word.is("forall")) return hasBracket && after >= statement.size();
  if (word.is("associate")) return hasBracket && after >= statement.size();
  if (word.is("block") || word.is("critical")) return first + 1 >= statement.size() || hasBracket;
  return word.is("change") && next.is("team");
}

bool isEnd(const Statement &statement) {
  static const std::set<std::string> ends{
      "associate", "block", "critical", "do", "enum", "forall", "function", "if", "interface", "module", "procedure", "program", "select",
      "submodule", "subroutine", "team", "type", "where", "blockdata",
  };
  const Token &first = statement.at(0);
  if (!isName(first) || first.text.rfind("end", 0) != 0) return false;
  if (first.is("end")) return statement.size() == 1 || ends.count(statement.at(1).text) != 0;
  return ends.count(first.text.substr(3)) != 0 && (statement.size() == 1 || isName(statement.at(1)));
}

bool beginsType(const Statement &statement) {
  if (!statement.at(0).is("type")) return false;
  const Token &next = statement.at(1);
  return next.is("::") || next.is(",") || (isName(next) && !(next.is("is") && statement.at(2).is("(")));
}

bool isDeclaration(const Statement &statement) {
  size_t after = afterType(statement, 0);
  if (after == 0) return false;
  const Token &next = statement.at(after);
  return next.is("::") || next.is(",") || isName(next);
}

} // namespace

bool Declaration::has(const char *attribute) const {
  return std::find(attributes.begin(), attributes.end(), attribute) != attributes.end();
}

size_t afterBracket(const Statement &statement, size_t index) {
  int depth = 0;
  for (; index < statement.size(); ++index) {
    if (isOpening(statement.at(index))) ++depth;
    else if (isClosing(statement.at(index)) && --depth <= 0) return index + 1;
  }
  return index;
}

Kind kindOf(const Statement &statement, Kind in) {
  if (statement.isDirective) {
    const Token &word = statement.at(0);
    return word.is("threadprivate") || word.is("declare") || word.is("requires") ? Kind::Specification : Kind::Directive;
  }
  const Token &first = statement.at(0);
  if (first.kind != Token::Name) return statement.size() == 0 ? Kind::Keyword : Kind::Expression;
  if (isEnd(statement)) return Kind::End;
  if (in == Kind::Type || in == Kind::Enum) return Kind::Specification;
  if (isAssignment(statement)) return Kind::Assignment;
  if (procedureWord(statement) < statement.size()) return Kind::Procedure;
  const Token &next = statement.at(1);
  if (in == Kind::Interface && (first.is("procedure") || first.is("module"))) return Kind::Specification;
  if (first.is("module")) {
    if (next.is("procedure")) return Kind::Procedure;
    if (isName(next) && statement.size() == 2) return Kind::Module;
  }
  if (first.is("submodule") && next.is("(")) return Kind::Submodule;
  if (first.is("program") && isName(next) && statement.size() == 2) return Kind::Program;
  if (first.is("blockdata") || (first.is("block") && next.is("data"))) return Kind::BlockData;
  if (beginsType(statement)) return Kind::Type;
  if (first.is("interface") || (first.is("abstract") && next.is("interface"))) return Kind::Interface;
  if (first.is("enum") && (next.is(",") || statement.size() == 1)) return Kind::Enum;
  if (beginsConstruct(statement)) return Kind::Construct;
  if (first.is("contains") && statement.size() == 1) return Kind::Contains;
  if (first.is("use") && (isName(next) || next.is(",") || next.is("::"))) return Kind::Use;
  if (first.is("implicit")) return Kind::Implicit;
  if (first.is("import")) return Kind::Specification;
  if (first.is("include") && next.kind == Token::Text) return Kind::Include;
  if ((first.is("public") || first.is("private") || first.is("protected") || first.is("save")) &&
      (statement.size() == 1 || next.is("::") || isName(next) || (first.is("save") && next.is("/"))))
    return Kind::Access;
  if (isDeclaration(statement)) return Kind::Declaration;
  if (specificationWords().count(first.text) && (isName(next) || next.is("::") || next.is("/") || next.is("(") || next.is(","))) {
    // `data` and the like may be names, too: an expression goes on with a sign.
    bool isCall = next.is("(") && !first.is("parameter") && !first.is("equivalence") && !first.is("bind") && !first.is("data");
    if (!isCall) return Kind::Specification;
  }
  if (first.is("format") && next.is("(") && !statement.label.empty()) return Kind::Format;
  if (beginsWithTwoWords(statement)) return Kind::Keyword;
  if (executableWords().count(first.text)) {
    // `exit`, `stop`, `print *, x`, `write (*, *) x`, `if (x) y = 1`
    bool needsBracket = first.is("allocate") || first.is("deallocate") || first.is("nullify") || first.is("write") || first.is("open") ||
                        first.is("close") || first.is("inquire") || first.is("if") || first.is("where") || first.is("forall");
    if (!needsBracket || next.is("(")) return Kind::Keyword;
  }
  return Kind::Expression;
}

std::string nameOf(const Statement &statement, Kind kind) {
  switch (kind) {
  case Kind::Procedure: {
    size_t word = procedureWord(statement);
    if (word < statement.size()) return statement.at(word + 1).text;
    return statement.at(2).is("::") ? statement.at(3).text : statement.at(2).text; // module procedure
  }
  case Kind::Module:
  case Kind::Program:
    return statement.at(1).text;
  case Kind::Type: {
    size_t index = 1;
    while (index < statement.size() && !statement.at(index).is("::")) ++index;
    return statement.at(index < statement.size() ? index + 1 : 1).text;
  }
  case Kind::Interface: {
    if (statement.at(0).is("abstract")) return "";
    std::string name;
    for (size_t index = 1; index < statement.size(); ++index) name += statement.at(index).text;
    return name; // also operator(+)
  }
  default:
    return "";
  }
}

bool isFunction(const Statement &statement) {
  size_t word = procedureWord(statement);
  return word < statement.size() && statement.at(word).is("function");
}

Declaration declarationOf(const Statement &statement) {
  Declaration declaration;
  size_t index = declaration.typeEnd = afterType(statement, 0);
  const Token &word = statement.at(0);
  declaration.isProcedure = word.is("procedure");
  if (word.is("type") || word.is("class")) {
    declaration.isPolymorphic = word.is("class");
    if (isName(statement.at(2))) declaration.derived = statement.at(2).text;
  }
  while (statement.at(index).is(",")) {
    declaration.attributes.push_back(statement.at(++index).text);
    ++index;
    if (isOpening(statement.at(index))) index = afterBracket(statement, index);
  }
  declaration.attributesEnd = index;
  if (statement.at(index).is("::")) ++index;
  while (isName(statement.at(index))) {
    Entity entity;
    entity.name = statement.at(index).text;
    entity.begin = index++;
    for (; index < statement.size(); ++index) {
      const Token &token = statement.at(index);
      if (isOpening(token)) {
        entity.hasBounds = entity.hasBounds || token.is("(");
        index = afterBracket(statement, index) - 1;
      } else if (token.is(",") || token.is("=") || token.is("=>") || token.is("/")) {
        break;
      }
    }
    entity.end = index;
    entity.hasBounds = entity.hasBounds || declaration.has("dimension");
    if (statement.at(index).is("/")) { // integer x /5/
      do ++index;
      while (index < statement.size() && !statement.at(index).is("/"));
      entity.end = ++index;
    } else if (statement.at(index).is("=") || statement.at(index).is("=>")) {
      entity.isPointed = statement.at(index).is("=>");
      entity.valueBegin = ++index;
      while (index < statement.size() && !statement.at(index).is(",")) index = isOpening(statement.at(index)) ? afterBracket(statement, index) : index + 1;
      entity.valueEnd = index;
    }
    declaration.entities.push_back(entity);
    if (!statement.at(index).is(",")) break;
    ++index;
  }
  return declaration;
}

std::string labelOfDo(const Statement &statement) {
  size_t first = afterName(statement);
  return statement.at(first).is("do") && statement.at(first + 1).kind == Token::Number ? statement.at(first + 1).text : "";
}

size_t lastOf(const std::vector<Statement> &statements, size_t first, Kind in, size_t *unclosed) {
  struct Open {
    Kind kind;
    std::string label;
    size_t index;
  };
  std::vector<Open> open;
  for (size_t index = first; index < statements.size(); ++index) {
    const Statement &statement = statements[index];
    Kind kind = kindOf(statement, open.empty() ? in : open.back().kind);
    if (kind == Kind::End) {
      if (!open.empty()) open.pop_back();
    } else if (kind <= Kind::Construct) {
      open.push_back({kind, kind == Kind::Construct ? labelOfDo(statement) : "", index});
      // The end of such a loop is a statement with its label.
      if (!open.back().label.empty()) continue;
    }
    while (!statement.label.empty() && !open.empty() && open.back().label == statement.label) open.pop_back();
    if (open.empty()) return index;
  }
  if (unclosed) *unclosed = open.empty() ? first : open.back().index;
  return statements.size();
}

const std::vector<std::string> &keywords() {
  static const std::vector<std::string> words{
      "abstract interface", "allocatable", "allocate", "associate", "block", "call", "case", "character", "class", "close", "complex",
      "contains", "cycle", "deallocate", "default", "dimension", "do", "do concurrent", "do while", "double precision", "elemental",
      "else", "else if", "elsewhere", "end", "end associate", "end block", "end do", "end function", "end if", "end interface",
      "end module", "end program", "end select", "end subroutine", "end type", "end where", "enum", "error stop", "exit", "extends",
      "external", "final", "flush", "forall", "format", "function", "generic", "if", "implicit none", "impure", "inquire", "integer",
      "intent", "interface", "intrinsic", "logical", "module", "namelist", "nullify", "only", "open", "operator", "optional", "parameter",
      "pointer", "print", "private", "procedure", "program", "public", "pure", "read", "real", "recursive", "result", "return", "rewind",
      "save", "select case", "select rank", "select type", "stop", "submodule", "subroutine", "target", "then", "type", "use", "value",
      "volatile", "where", "while", "write",
  };
  return words;
}

} // namespace kernelbox
