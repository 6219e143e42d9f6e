#include "session.h"
#include "analysis.h"
#include "cell-process.h"
#include "errors.h"
#include "frames.h"
#include "library.h"
#include "streams.h"
#include "values.h"
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Interpreter/PartialTranslationUnit.h>
#include <cstdlib>
#include <sstream>
#include <unistd.h>

using namespace clang;

namespace kernelbox {
namespace {

/// Environment variables for one run.
class Environment {
public:
  explicit Environment(const std::map<std::string, std::string> &variables) {
    for (auto &[name, value] : variables) {
      const char *before = getenv(name.c_str());
      replaced.emplace_back(name, before ? std::optional<std::string>(before) : std::nullopt);
      setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~Environment() {
    for (auto &[name, value] : replaced)
      if (value) setenv(name.c_str(), value->c_str(), 1);
      else unsetenv(name.c_str());
  }

private:
  std::vector<std::pair<std::string, std::optional<std::string>>> replaced;
};

/// The type of what a cell in C shows.
class ShownType : public RecursiveASTVisitor<ShownType> {
public:
  QualType type;
  bool VisitCallExpr(CallExpr *call) {
    auto *function = call->getDirectCallee();
    if (!function || !function->getIdentifier() || function->getName() != "__kb_show" || call->getNumArgs() != 1) return true;
    type = call->getArg(0)->IgnoreParenImpCasts()->getType();
    // Of everything but a function it is the address.
    if (type->isPointerType()) type = type->getPointeeType();
    return true;
  }
};

CellError compileError(const std::string &message, unsigned line, const std::string &text) {
  std::string traceback = text;
  while (!traceback.empty() && traceback.back() == '\n') traceback.pop_back();
  return {"CompileError", message, line, traceback};
}

/// What the linker says, in words.
CellError linkError(std::string reason) {
  constexpr std::string_view missing = "Symbols not found: [";
  if (size_t start = reason.find(missing); start != std::string::npos) {
    std::istringstream names(reason.substr(start + missing.size(), reason.find(']', start) - start - missing.size()));
    std::string name, list;
    while (std::getline(names, name, ',')) {
      size_t from = name.find_first_not_of(' '), to = name.find_last_not_of(' ');
      if (from != std::string::npos) list += (list.empty() ? "" : ", ") + readable(demangle(name.substr(from, to - from + 1)));
    }
    reason = "declared, but nowhere defined: " + list;
  }
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  return {"LinkError", reason, 0, "LinkError: " + reason};
}

void tell(const CellError &error) {
  emit("error", {error.name, error.message, error.line == 0 ? "" : std::to_string(error.line), error.traceback});
}

} // namespace

Session::Session(bool isC, const std::string &precompiled) : compiler(isC, precompiled) {
  offerLibrary(jit);
  setUpCrashes(jit);
}

QualType Session::shownType() const {
  ShownType visitor;
  for (auto *declaration : compiler.topLevel())
    if (isa<TopLevelStmtDecl, FunctionDecl>(declaration)) visitor.TraverseDecl(declaration);
  return visitor.type;
}

std::optional<CellError> Session::execute(const Cell &cell, const std::string &name, bool &isInterrupted) {
  auto *unit = compiler.parse(cell.code, name);
  if (!unit) {
    auto &problem = compiler.problems().front();
    return compileError(problem.message, problem.line, problem.text);
  }
  compiler.tellReplacements(jit);
  if (compiler.isC) {
    QualType type = shownType();
    showValueOfC = [this, type](const volatile void *value) {
      auto bundle = bundleOfValue(compiler.context(), type, const_cast<const void *>(value));
      emit("result", {bundle.begin(), bundle.end()});
    };
  }
  auto initializers = jit.add(std::move(unit->TheModule));
  if (!initializers) {
    std::string reason = toString(initializers.takeError());
    if (auto details = linkErrorMessage(); !details.empty()) reason = details;
    return linkError(reason);
  }
  compiler.keepDefinitions();
  compiler.redirectFunctions(jit);
  int status = 0;
  CellEnd end = runGuarded(name, [&] {
    for (auto *initializer : *initializers) initializer();
    if (cell.hasMain) status = callMain(cell.mainTakesArguments);
  });
  isInterrupted = end.kind == CellEnd::Interrupted;
  if (end.kind == CellEnd::Failed) return end.error;
  if (end.kind == CellEnd::Finished && status != 0) {
    std::string message = "main returned " + std::to_string(status);
    return CellError{"Exit", message, 0, "Exit: " + message};
  }
  return std::nullopt;
}

int Session::callMain(bool takesArguments) {
  std::string symbol = "main";
  for (auto *declaration : compiler.topLevel())
    if (auto *function = dyn_cast<FunctionDecl>(declaration); function && function->isMain()) symbol = compiler.symbolOf(function);
  void *main = jit.find(symbol);
  if (!main) return 0;
  return takesArguments ? reinterpret_cast<int (*)(int, char **)>(main)(argc, argv) : reinterpret_cast<int (*)()>(main)();
}

void Session::run(const std::string &code, const std::string &name, const std::vector<std::string> &arguments,
                  const std::map<std::string, std::string> &environment) {
  // Before anything of the cell is known to this process: a copy that takes over knows nothing of it.
  expectInterrupts();
  pid_t copy = makeCopy();
  if (copy == 0) return ignoreInterrupts();
  emit("running", {std::to_string(getpid()), copy < 0 ? "" : std::to_string(copy)});
  std::optional<CellError> error;
  bool isInterrupted = false;
  {
    Environment variables(environment);
    std::vector<std::string> all{name};
    all.insert(all.end(), arguments.begin(), arguments.end());
    setArguments(all);
    Analysis analysis = analyse(compiler, code, name);
    if (analysis.cell) {
      if (!analysis.cell->warnings.empty() && name != "silent") emit("stream", {"stderr", analysis.cell->warnings});
      startFlushing();
      error = execute(*analysis.cell, name, isInterrupted);
      stopFlushing();
      // Whoever flushed may have let go of a stream that was already free.
      if (isInterrupted) unlockStreams();
    } else {
      isInterrupted = analysis.wasInterrupted;
      error = compileError(analysis.message, analysis.line, analysis.text);
    }
    flushStreams();
    forgetInput();
  }
  // A process that the cell has forked ends with it.
  if (!isCellProcess()) _exit(0);
  ignoreInterrupts();
  endCopy(copy);
  if (isInterrupted) emit("interrupted");
  else if (error) tell(*error);
  else emit("ok");
}

bool Session::runOwn(const std::string &code) {
  auto *unit = compiler.parse(code, "kernelbox");
  if (!unit) return false;
  auto initializers = jit.add(std::move(unit->TheModule));
  if (!initializers) {
    consumeError(initializers.takeError());
    return false;
  }
  for (auto *initializer : *initializers) initializer();
  return true;
}

} // namespace kernelbox
