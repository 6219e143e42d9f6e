#include "questions.h"
#include "analysis.h"
#include "library.h"
#include "values.h"
#include <algorithm>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/RawCommentList.h>
#include <clang/Basic/FileManager.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Sema/CodeCompleteConsumer.h>
#include <clang/Sema/Lookup.h>
#include <clang/Sema/Sema.h>
#include <clang/Sema/SemaCodeCompletion.h>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <unistd.h>

using namespace clang;

namespace kernelbox {
namespace {

constexpr unsigned longestAnswerSeconds = 8;
constexpr size_t mostMatches = 500;

bool isNameCharacter(char character) {
  return isAsciiIdentifierContinue(character) || static_cast<unsigned char>(character) >= 0x80;
}

/// The names that fit where the parser has come to.
class Matches : public CodeCompleteConsumer {
public:
  explicit Matches(std::string prefix)
      : CodeCompleteConsumer(options()), prefix(std::move(prefix)), allocator(std::make_shared<GlobalCodeCompletionAllocator>()), info(allocator) {}
  void ProcessCodeCompleteResults(Sema &, CodeCompletionContext, CodeCompletionResult *results, unsigned count) override {
    for (unsigned index = 0; index < count; ++index) {
      std::string name = nameOf(results[index]);
      if (!name.starts_with(prefix) || name.starts_with("__kb") || (prefix.empty() && name.starts_with("_"))) continue;
      if (names.insert(name).second) ranked.emplace_back(results[index].Priority, name);
    }
  }
  CodeCompletionAllocator &getAllocator() override { return *allocator; }
  CodeCompletionTUInfo &getCodeCompletionTUInfo() override { return info; }
  std::vector<std::pair<unsigned, std::string>> ranked;

private:
  static CodeCompleteOptions options() {
    CodeCompleteOptions options;
    options.IncludeMacros = 1;
    options.IncludeGlobals = 1;
    return options;
  }
  static std::string nameOf(const CodeCompletionResult &result) {
    switch (result.Kind) {
    case CodeCompletionResult::RK_Declaration: {
      if (result.Hidden || !result.Declaration) return "";
      auto *identifier = result.Declaration->getIdentifier();
      return identifier ? identifier->getName().str() : "";
    }
    case CodeCompletionResult::RK_Keyword: return result.Keyword;
    case CodeCompletionResult::RK_Macro: return result.Macro->getName().str();
    default: return "";
    }
  }
  std::string prefix;
  std::set<std::string> names;
  std::shared_ptr<GlobalCodeCompletionAllocator> allocator;
  CodeCompletionTUInfo info;
};

/// In a process of its own, whose parser may be left anywhere.
std::string completions(Session &session, const std::string &code, size_t position) {
  auto &compiler = session.compiler;
  size_t start = position;
  while (start > 0 && isNameCharacter(code[start - 1])) --start;
  std::string prefix = code.substr(start, position - start);
  char path[] = "/tmp/kernelbox-complete-XXXXXX";
  int file = mkstemp(path);
  if (file < 0) return "";
  std::string text = code.substr(0, position);
  bool isWritten = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  auto &instance = *compiler.interpreter().getCompilerInstance();
  auto entry = instance.getFileManager().getFileRef(path);
  Matches matches(prefix);
  if (entry && isWritten) {
    unsigned line = 1 + std::count(text.begin(), text.end(), '\n');
    size_t lineStart = text.rfind('\n');
    unsigned column = static_cast<unsigned>(start - (lineStart == std::string::npos ? 0 : lineStart + 1)) + 1;
    compiler.sema().CodeCompletion().CodeCompleter = &matches;
    instance.getPreprocessor().SetCodeCompletionPoint(*entry, line, column);
    compiler.parse("#include \"" + std::string(path) + "\"\n", "complete");
  } else {
    consumeError(entry.takeError());
  }
  unlink(path);
  std::stable_sort(matches.ranked.begin(), matches.ranked.end());
  Packer packer;
  packer.add(std::to_string(start));
  packer.add(std::to_string(position));
  for (size_t index = 0; index < std::min(mostMatches, matches.ranked.size()); ++index) packer.add(matches.ranked[index].second);
  return packer.packed;
}

/// What a name like `a::b` stands for.
NamedDecl *findDeclaration(Compiler &compiler, const std::string &name) {
  DeclContext *where = compiler.context().getTranslationUnitDecl();
  NamedDecl *found = nullptr;
  for (size_t start = 0; where && start <= name.size();) {
    size_t end = std::min(name.find("::", start), name.size());
    std::string part = name.substr(start, end - start);
    start = end + 2;
    if (part.empty()) continue;
    found = nullptr;
    for (auto kind : {Sema::LookupOrdinaryName, Sema::LookupTagName}) {
      LookupResult result(compiler.sema(), &compiler.context().Idents.get(part), SourceLocation(), kind);
      result.suppressDiagnostics();
      compiler.sema().LookupQualifiedName(result, where);
      if (!result.empty() && !found) found = (*result.begin())->getUnderlyingDecl();
    }
    if (!found) return nullptr;
    where = dyn_cast<DeclContext>(found);
    if (auto *pattern = dyn_cast<ClassTemplateDecl>(found)) where = pattern->getTemplatedDecl();
  }
  return found;
}

std::string describe(Session &session, const std::string &code, size_t position, bool isDetailed) {
  auto &compiler = session.compiler;
  size_t start = position, end = position;
  auto isPart = [&](size_t index) { return isNameCharacter(code[index]) || code[index] == ':'; };
  while (start > 0 && isPart(start - 1)) --start;
  while (end < code.size() && isNameCharacter(code[end])) ++end;
  auto *declaration = start == end ? nullptr : findDeclaration(compiler, code.substr(start, end - start));
  if (!declaration) return "";
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (auto *comment = compiler.context().getRawCommentForAnyRedecl(declaration))
    stream << comment->getFormattedText(compiler.context().getSourceManager(), compiler.context().getDiagnostics()) << "\n";
  PrintingPolicy policy(compiler.context().getLangOpts());
  policy.TerseOutput = !isDetailed;
  policy.PolishForDeclaration = true;
  policy.SuppressInitializers = true;
  declaration->print(stream, policy);
  if (auto *variable = dyn_cast<VarDecl>(declaration); variable && compiler.isC && variable->hasGlobalStorage())
    if (void *place = session.jit.find(compiler.symbolOf(variable)))
      stream << " = " << textOfValue(compiler.context(), variable->getType(), place);
  return stream.str();
}

std::string check(Session &session, const std::string &code) {
  Analysis analysis = analyse(session.compiler, code, "check", longestAnswerSeconds / 2);
  session.compiler.unhide();
  if (analysis.cell) return "complete";
  return analysis.isIncomplete ? "incomplete" : "invalid";
}

std::vector<VarDecl *> userVariables(Compiler &compiler) {
  std::vector<VarDecl *> variables;
  for (auto *declaration : compiler.definitions())
    if (auto *variable = dyn_cast<VarDecl>(declaration))
      if (variable->hasGlobalStorage() && !variable->hasExternalStorage() && !variable->isInvalidDecl() && variable->getIdentifier() &&
          !isa<VarTemplateDecl>(declaration) && variable->getDeclContext()->getRedeclContext()->isFileContext() &&
          compiler.context().getSourceManager().getPresumedLoc(variable->getLocation()).isValid() &&
          std::string_view(compiler.context().getSourceManager().getPresumedLoc(variable->getLocation()).getFilename()).starts_with("cell-"))
        variables.push_back(variable);
  return variables;
}

std::string listVariables(Session &session, VarDecl *only) {
  auto &compiler = session.compiler;
  Packer packer;
  PrintingPolicy policy(compiler.context().getLangOpts());
  std::string code;
  for (auto *variable : userVariables(compiler)) {
    if (only && variable != only) continue;
    std::string name = variable->getQualifiedNameAsString(), type = variable->getType().getAsString(policy);
    if (compiler.isC) {
      void *place = session.jit.find(compiler.symbolOf(variable));
      if (!place) continue;
      for (auto &part : {name, type, textOfValue(compiler.context(), variable->getType(), place), std::string()}) packer.add(part);
      if (auto *array = compiler.context().getAsConstantArrayType(variable->getType())) {
        packer.packed.resize(packer.packed.size() - 2);
        packer.add(std::to_string(array->getSize().getZExtValue()));
      }
    } else {
      code += "::kb::detail::variable(\"" + name + "\", R\"__kb(" + type + ")__kb\", ::" + name + ");\n";
    }
  }
  if (code.empty()) return packer.packed;
  sink = [&](std::string_view, const std::vector<std::string_view> &fields) {
    for (auto field : fields) packer.add(std::string(field));
  };
  session.runOwn(code);
  return packer.packed;
}

std::string variables(Session &session) {
  // All at once; where one of them cannot be shown, one after the other.
  auto all = inChild([&] { return listVariables(session, nullptr); }, longestAnswerSeconds);
  if (all && (!all->empty() || userVariables(session.compiler).empty())) return *all;
  std::string packed;
  for (auto *variable : userVariables(session.compiler))
    if (auto one = inChild([&] { return listVariables(session, variable); }, longestAnswerSeconds)) packed += *one;
  return packed;
}

void answerWith(const std::string &packed) {
  Unpacker unpacker(packed);
  std::vector<std::string> fields;
  while (!unpacker.isAtEnd()) fields.push_back(unpacker.text());
  emit("answer", {fields.begin(), fields.end()});
}

} // namespace

void answer(Session &session, const Frame &request) {
  std::string code(request.field(0));
  size_t position = std::min<size_t>(std::strtoul(std::string(request.field(1)).c_str(), nullptr, 10), code.size());
  auto ask = [&](auto work) { return inChild(work, longestAnswerSeconds).value_or(""); };
  if (request.name == "complete") {
    answerWith(ask([&] { return completions(session, code, position); }));
  } else if (request.name == "inspect") {
    std::string text = ask([&] { return describe(session, code, position, request.field(2) == "1"); });
    if (text.empty()) emit("answer");
    else emit("answer", {"text/plain", text});
  } else if (request.name == "check") {
    std::string status = ask([&] { return check(session, code); });
    if (status == "incomplete") emit("answer", {status, "    "});
    else emit("answer", {status.empty() ? "unknown" : status});
  } else if (request.name == "variables") {
    answerWith(variables(session));
  }
}

} // namespace kernelbox
