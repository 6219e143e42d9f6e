#include "rewrites.h"
#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/Expr.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/AST/Type.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>
#include <cstring>
#include <set>

using namespace clang;

namespace kernelbox {
namespace {

/// After the semicolon that ends what begins before `from`: that is a declaration's end.
long afterSemicolon(const std::string &code, long from, const LangOptions &options) {
  if (from < 0 || from > static_cast<long>(code.size())) return -1;
  Lexer lexer(SourceLocation(), options, code.c_str(), code.c_str() + from, code.c_str() + code.size());
  int depth = 0;
  for (Token token; !lexer.LexFromRawLexer(token);) {
    if (token.isOneOf(tok::l_brace, tok::l_paren, tok::l_square)) ++depth;
    if (token.isOneOf(tok::r_brace, tok::r_paren, tok::r_square)) --depth;
    if (token.is(tok::semi) && depth <= 0) return lexer.getCurrentBufferOffset();
  }
  return static_cast<long>(code.size());
}

/// Whether nothing but space and comments follows.
bool isAtEnd(const std::string &code, long from, const LangOptions &options) {
  if (from < 0 || from > static_cast<long>(code.size())) return false;
  Lexer lexer(SourceLocation(), options, code.c_str(), code.c_str() + from, code.c_str() + code.size());
  Token token;
  lexer.LexFromRawLexer(token);
  return token.is(tok::eof);
}

std::string textOf(const std::string &code, long start, long end) {
  return start >= 0 && end > start && end <= static_cast<long>(code.size()) ? code.substr(start, end - start) : "";
}

void repairInitializer(Compiler &compiler, const std::string &code, VarDecl *variable, std::vector<Edit> &edits) {
  auto *value = variable->getInit();
  long start = compiler.offsetOf(value->getBeginLoc());
  long end = compiler.endOffsetOf(value->getEndLoc());
  long name = compiler.offsetOf(variable->getLocation());
  if (start < 0 || end < 0 || name < 0) return;
  size_t equals = code.rfind('=', start - 1);
  if (equals == std::string::npos || static_cast<long>(equals) < name) return;
  std::string text = textOf(code, start, end);
  std::string target = variable->getName().str();
  edits.push_back({static_cast<long>(equals), end - static_cast<long>(equals), ""});
  auto type = variable->getType();
  long declarationStart = compiler.offsetOf(variable->getBeginLoc());
  std::string head = textOf(code, declarationStart, name);
  // `auto` has nothing to go by any more; what is constant could not be set.
  for (const char *word : {"const", "auto", "__auto_type"}) {
    bool isAuto = std::strcmp(word, "const") != 0;
    if (!isAuto && !type.isConstQualified()) continue;
    size_t at = isAuto ? head.find(word) : head.rfind(word);
    bool isWord = at != std::string::npos && (at + std::strlen(word) == head.size() || !isAsciiIdentifierContinue(head[at + std::strlen(word)]));
    if (isWord) edits.push_back({declarationStart + static_cast<long>(at), static_cast<long>(std::strlen(word)), isAuto ? "__typeof__(" + text + ")" : ""});
  }
  if (auto *array = compiler.context().getAsConstantArrayType(type)) {
    size_t open = code.find('[', name);
    if (open != std::string::npos && open < equals) {
      size_t close = code.find_first_not_of(" \t\r\n", open + 1);
      if (close != std::string::npos && code[close] == ']')
        edits.push_back({static_cast<long>(close), 0, std::to_string(array->getSize().getZExtValue())});
    }
    text = " __builtin_memcpy(" + target + ", (__typeof__(" + target + "))" + text + ", sizeof " + target + ");";
  } else if (isa<InitListExpr>(value->IgnoreParens())) {
    text = " " + target + " = (__typeof__(" + target + "))" + text + ";";
  } else {
    text = " " + target + " = " + text + ";";
  }
  edits.push_back({afterSemicolon(code, end, compiler.context().getLangOpts()), 0, text});
}

/// Names of functions that are called for what they do.
bool isForEffect(const FunctionDecl *function) {
  static const char *const names[] = {"printf", "fprintf", "vprintf", "vfprintf", "puts", "fputs", "putchar", "putc", "fputc", "scanf",
                                      "fscanf", "fflush", "fclose", "fwrite", "system", "srand", "setenv", "usleep", "sleep", "strcpy"};
  if (!function || !function->getIdentifier()) return false;
  return llvm::is_contained(names, function->getName());
}

/// Streams, from `std::cout << x`.
bool isStream(QualType type) {
  auto *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition()) return false;
  for (auto &base : record->bases())
    if (auto *other = base.getType()->getAsCXXRecordDecl(); other && (other->getName() == "basic_ios" || isStream(base.getType()))) return true;
  return false;
}

/// Whether a statement has lambdas, classes or static variables of its own.
class NeedsFunction : public RecursiveASTVisitor<NeedsFunction> {
public:
  bool isNeeded = false;
  bool VisitLambdaExpr(LambdaExpr *) { return !(isNeeded = true); }
  bool VisitTagDecl(TagDecl *) { return !(isNeeded = true); }
  bool VisitVarDecl(VarDecl *variable) { return !(isNeeded |= variable->isStaticLocal()); }
};

/// Every struct, class and enum that a declaration brings, also within namespaces.
void collectRecords(Decl *declaration, std::vector<CXXRecordDecl *> &records, std::vector<EnumDecl *> &enumerations) {
  if (auto *enumeration = dyn_cast<EnumDecl>(declaration)) {
    if (enumeration->isThisDeclarationADefinition() && !enumeration->getDeclContext()->isDependentContext()) enumerations.push_back(enumeration);
  } else if (auto *pattern = dyn_cast<ClassTemplateDecl>(declaration)) {
    if (pattern->getTemplatedDecl()->isThisDeclarationADefinition()) records.push_back(pattern->getTemplatedDecl());
  } else if (auto *record = dyn_cast<CXXRecordDecl>(declaration)) {
    if (isa<ClassTemplateSpecializationDecl>(record) || !record->isThisDeclarationADefinition()) return;
    records.push_back(record);
    for (auto *member : record->decls())
      if (member->getAccess() == AS_public && !member->isImplicit()) collectRecords(member, records, enumerations);
  } else if (isa<NamespaceDecl, LinkageSpecDecl>(declaration)) {
    for (auto *member : cast<DeclContext>(declaration)->decls()) collectRecords(member, records, enumerations);
  }
}

void collectFields(const CXXRecordDecl *record, std::vector<std::string> &names) {
  for (auto &base : record->bases())
    if (auto *other = base.getType()->getAsCXXRecordDecl(); other && base.getAccessSpecifier() == AS_public && other->hasDefinition())
      collectFields(other->getDefinition(), names);
  for (auto *field : record->fields())
    if (field->getAccess() == AS_public && field->getIdentifier()) names.push_back(field->getName().str());
}

/// What tells the names of an enum's values.
std::string describeEnumeration(const EnumDecl *enumeration) {
  std::string type = "::" + enumeration->getQualifiedNameAsString();
  std::string text = " template<> struct kb::detail::enumerators<" + type + "> { static constexpr bool known = true; static constexpr bool scoped = " +
                     (enumeration->isScoped() ? "true" : "false") + "; static const char *name(" + type + " v) { switch (v) {";
  std::set<int64_t> known;
  for (auto *constant : enumeration->enumerators())
    if (known.insert(constant->getInitVal().getExtValue()).second)
      text += " case " + type + "::" + constant->getName().str() + ": return \"" + constant->getName().str() + "\";";
  return text + " default: return nullptr; } } };";
}

/// `template <class T, int N>`, and `<T, N>` for the arguments; nothing where that is not so simple.
bool describeTemplate(Compiler &compiler, const std::string &code, const CXXRecordDecl *record, std::string &head, std::string &arguments) {
  auto *pattern = record->getDescribedClassTemplate();
  if (!pattern) return !record->isDependentContext();
  if (isa<CXXRecordDecl>(pattern->getDeclContext()) || pattern->hasAssociatedConstraints()) return false;
  for (auto *parameter : *pattern->getTemplateParameters()) {
    if (parameter->isTemplateParameterPack() || !parameter->getIdentifier() || isa<TemplateTemplateParmDecl>(parameter)) return false;
    std::string text;
    if (isa<TemplateTypeParmDecl>(parameter)) {
      text = "class " + parameter->getName().str();
    } else {
      long start = compiler.offsetOf(parameter->getBeginLoc());
      text = textOf(code, start, compiler.endOffsetOf(parameter->getLocation()));
      if (text.empty()) return false;
    }
    head += (head.empty() ? "" : ", ") + text;
    arguments += (arguments.empty() ? "<" : ", ") + parameter->getName().str();
  }
  arguments += ">";
  return true;
}

} // namespace

std::vector<Edit> repairInitializers(Compiler &compiler, const std::string &code) {
  std::vector<Edit> edits;
  for (auto *declaration : compiler.topLevel()) {
    auto *variable = dyn_cast<VarDecl>(declaration);
    if (!variable || !variable->hasInit() || variable->getInit()->containsErrors()) continue;
    if (variable->getInit()->isConstantInitializer(compiler.context(), false)) continue;
    repairInitializer(compiler, code, variable, edits);
  }
  return edits;
}

std::vector<Edit> describeFields(Compiler &compiler, const std::string &code) {
  std::vector<Edit> edits;
  for (auto *declaration : compiler.topLevel()) {
    std::vector<CXXRecordDecl *> records;
    std::vector<EnumDecl *> enumerations;
    collectRecords(declaration, records, enumerations);
    long end = compiler.endOffsetOf(declaration->getEndLoc());
    if (!isa<NamespaceDecl>(declaration)) end = afterSemicolon(code, end, compiler.context().getLangOpts());
    if (end < 0) continue;
    for (auto *enumeration : enumerations)
      if (enumeration->getIdentifier() && !enumeration->isInAnonymousNamespace() && compiler.offsetOf(enumeration->getLocation()) >= 0)
        edits.push_back({end, 0, describeEnumeration(enumeration)});
    for (auto *record : records) {
      if (!record->getIdentifier() || record->isInvalidDecl() || record->isInAnonymousNamespace() || compiler.offsetOf(record->getLocation()) < 0) continue;
      std::vector<std::string> names;
      collectFields(record, names);
      std::string head, arguments;
      if (names.empty() || record->isUnion() || !describeTemplate(compiler, code, record, head, arguments)) continue;
      std::string type = "::" + record->getQualifiedNameAsString() + arguments;
      std::string text = " template<" + head + "> struct kb::detail::fields<" + type + "> { static constexpr bool known = true;" +
                         " template<class __kb_F> static void each(const " + type + " &v, __kb_F &&f) {";
      for (auto &name : names) text += " f(\"" + name + "\", v." + name + ");";
      text += " } };";
      edits.push_back({end, 0, text});
    }
  }
  return edits;
}

Wraps wrapStatements(Compiler &compiler, const std::string &code) {
  Wraps wraps;
  auto &options = compiler.context().getLangOpts();
  for (auto *declaration : compiler.topLevel()) {
    auto *top = dyn_cast<TopLevelStmtDecl>(declaration);
    if (!top) continue;
    auto *statement = top->getStmt();
    NeedsFunction visitor;
    visitor.TraverseStmt(statement);
    long start = compiler.offsetOf(statement->getBeginLoc()), end = compiler.endOffsetOf(statement->getEndLoc());
    if (!visitor.isNeeded || start < 0 || end < start) continue;
    // With its semicolon, if it has one.
    bool isOpen = isa<Expr>(statement) && isAtEnd(code, end, options);
    if (!isOpen && isa<Expr>(statement)) end = afterSemicolon(code, end, options);
    else if (!isOpen && code[end - 1] != '}') end = afterSemicolon(code, end, options);
    std::string name = "__kb_statement_" + std::to_string(compiler.parseCount()) + "_" + std::to_string(wraps.begins.size());
    wraps.begins.push_back({start, 0, "static void " + name + "() { "});
    wraps.ends.push_back({end, 0, std::string(isOpen ? ";" : "") + " } " + name + "();"});
  }
  return wraps;
}

std::vector<Edit> showValue(Compiler &compiler, const std::string &code) {
  Expr *expression = nullptr;
  for (auto *declaration : compiler.topLevel()) {
    auto *top = dyn_cast<TopLevelStmtDecl>(declaration);
    if (!top) {
      if (!isa<EmptyDecl>(declaration)) expression = nullptr;
      continue;
    }
    if (isa<NullStmt>(top->getStmt())) continue;
    expression = dyn_cast<Expr>(top->getStmt());
  }
  auto &options = compiler.context().getLangOpts();
  if (!expression) return {};
  if (auto *cleanups = dyn_cast<ExprWithCleanups>(expression)) expression = cleanups->getSubExpr();
  long start = compiler.offsetOf(expression->getBeginLoc());
  long end = compiler.endOffsetOf(expression->getEndLoc());
  if (start < 0 || end < start || !isAtEnd(code, end, options)) return {};
  auto type = expression->getType();
  if (type->isVoidType() || type->isDependentType() || isStream(type)) return {};
  if (auto *call = dyn_cast<CallExpr>(expression->IgnoreParenImpCasts()); call && isForEffect(call->getDirectCallee())) return {};
  if (!compiler.isC) {
    bool isBitField = expression->refersToBitField();
    return {{start, 0, isBitField ? "::kb::detail::result(+(" : "::kb::detail::result(("}, {end, 0, "));"}};
  }
  auto *bare = expression->IgnoreParenImpCasts();
  // An array would become a pointer; a function stays one.
  if (bare->isLValue() && (bare->getType()->isArrayType() || bare->getType()->isFunctionType()))
    return {{start, 0, "__kb_show(&("}, {end, 0, "));"}};
  if (isa<DeclRefExpr>(bare) && bare->getType()->isFunctionType()) return {{start, 0, "__kb_show("}, {end, 0, ");"}};
  return {{start, 0, "{ __auto_type __kb_value = ("}, {end, 0, "); __kb_show(&__kb_value); }"}};
}

} // namespace kernelbox
