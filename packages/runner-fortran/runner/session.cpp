#include "session.h"
#include "cell-process.h"
#include "fixed-form.h"
#include "frames.h"
#include "scanner.h"
#include "streams.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <dlfcn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

extern "C" void _gfortran_set_args(int count, char **arguments);

namespace kernelbox {
namespace {

constexpr unsigned showSeconds = 5;

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

/// The library keeps no arguments of its own: they stay until there are others.
void setArguments(const std::string &name, const std::vector<std::string> &arguments) {
  static std::vector<std::string> kept;
  static std::vector<char *> pointers;
  kept = {name};
  kept.insert(kept.end(), arguments.begin(), arguments.end());
  pointers.clear();
  for (auto &argument : kept) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  _gfortran_set_args(static_cast<int>(kept.size()), pointers.data());
}

std::string lineOf(const std::string &code, unsigned number) {
  std::stringstream lines(code);
  std::string line;
  while (number > 0 && std::getline(lines, line)) --number;
  return number == 0 ? line : "";
}

/// Names of ours for modules of the user's: `kb_3_shapes`.
std::string withoutOwnNames(std::string text) {
  for (size_t at = 0; (at = text.find("kb_", at)) != std::string::npos;) {
    size_t end = at + 3;
    while (end < text.size() && isdigit(static_cast<unsigned char>(text[end]))) ++end;
    if (end > at + 3 && end < text.size() && text[end] == '_') text.erase(at, end + 1 - at);
    else at = end;
  }
  return text;
}

std::string describe(const Problem &problem, const std::string &code, const std::string &cell) {
  std::string text = (problem.file.empty() ? cell : problem.file) + ":" + std::to_string(problem.line) + ": " +
                     (problem.isError ? "error: " : "warning: ") + withoutOwnNames(problem.message);
  if (problem.file == cell)
    if (std::string line = lineOf(code, problem.line); !line.empty()) text += "\n    " + line;
  return text + "\n";
}

CellError compileError(const std::vector<Problem> &problems, const std::string &code, const std::string &cell) {
  CellError error{"CompileError", "", 0, ""};
  for (auto &problem : problems) {
    if (!problem.isError) continue;
    error.traceback += describe(problem, code, cell);
    // What else goes wrong because of it comes in any order: the cell's own lines count.
    bool isBetter = error.message.empty() || (error.line == 0 && problem.file == cell);
    if (!isBetter) continue;
    error.message = withoutOwnNames(problem.message);
    error.line = problem.file == cell ? problem.line : 0;
  }
  while (!error.traceback.empty() && error.traceback.back() == '\n') error.traceback.pop_back();
  return error;
}

/// `undefined symbol: area_` is a procedure that nobody has defined.
CellError linkError(const std::string &reason, const std::string &code, const std::string &cell) {
  constexpr std::string_view mark = "undefined symbol: ";
  CellError error{"LinkError", reason, 0, "LinkError: " + reason};
  size_t at = reason.find(mark);
  if (at == std::string::npos || reason.back() != '_') return error;
  std::string symbol = reason.substr(at + mark.size());
  symbol.pop_back();
  error.message = "there is no procedure " + symbol;
  for (auto &statement : scan(code).statements)
    for (auto &token : statement.tokens)
      if (error.line == 0 && token.kind == Token::Name && token.text == symbol)
        error.line = 1 + static_cast<unsigned>(std::count(code.begin(), code.begin() + static_cast<long>(token.begin), '\n'));
  error.traceback = "LinkError: " + error.message;
  if (error.line != 0) error.traceback += "\n  at " + cell + ":" + std::to_string(error.line);
  return error;
}

bool hasErrorIn(const std::vector<Problem> &problems, const std::function<bool(const Problem &)> &test) {
  return std::any_of(problems.begin(), problems.end(), [&](auto &problem) { return problem.isError && test(problem); });
}

CompileOptions optionsFor(const Parts &parts) {
  return {parts.hasLoops || !parts.procedures.empty() || !parts.units.empty(), parts.hasOpenMp};
}

void tell(const CellError &error) {
  emit("error", {error.name, error.message, error.line == 0 ? "" : std::to_string(error.line), error.traceback});
}

} // namespace

Compiled Session::compile(const Parts &parts, int number, const std::string &name, ModuleSource &source) const {
  ModuleOptions options;
  options.showsValue = !parts.hidesValue;
  std::vector<std::string> left;
  for (;;) {
    source = names.moduleOf(parts, number, options);
    Compiled compiled = compiler.compile(source.text, "kb_" + std::to_string(number), name, optionsFor(parts));
    if (!compiled.file.empty() || wasInterrupted()) {
      if (!left.empty()) {
        std::string list;
        for (auto &dependent : left) list += (list.empty() ? "" : ", ") + dependent;
        emit("stream", {"stderr", "kernelbox: what uses the old definitions keeps them, because it does not fit the new ones: " + list + "\n"});
      }
      return compiled;
    }
    bool hasOthers = hasErrorIn(compiled.problems, [&](auto &problem) { return !problem.file.empty() && problem.file != name; });
    bool cannotShow = hasErrorIn(compiled.problems, [](auto &problem) { return problem.message.find("'kb_show'") != std::string::npos; });
    if (parts.value && !options.showsValue) {
      for (auto &problem : compiled.problems)
        if (problem.isError && problem.file == name && problem.line == parts.value->line) problem.message = "this is neither a statement nor an expression with a value";
      return compiled;
    }
    if (cannotShow && parts.value) {
      options.showsValue = false;
    } else if (hasOthers && options.hasDependents && !source.dependents.empty()) {
      left.assign(source.dependents.begin(), source.dependents.end());
      options.hasDependents = false;
    } else if (hasOthers && options.hasShowers && !source.showers.empty()) {
      options.hasShowers = false;
    } else {
      return compiled;
    }
  }
}

std::optional<CellError> Session::execute(const std::string &given, const std::string &name, bool &isInterrupted) {
  int number = ++count;
  constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
  std::string code = inFreeForm(given.rfind(byteOrderMark, 0) == 0 ? given.substr(byteOrderMark.size()) : given);
  Parts parts = kernelbox::partsOf(code, name, number, names.userModules());
  if (parts.hasPreprocessor) {
    std::vector<Problem> problems;
    std::string plain = compiler.preprocess(code, name, problems);
    if ((isInterrupted = wasInterrupted())) return std::nullopt;
    if (hasErrorIn(problems, [](auto &) { return true; })) return compileError(problems, code, name);
    parts = kernelbox::partsOf(plain, name, number, names.userModules());
  }
  if (!parts.problem.empty()) {
    Problem problem{true, name, parts.problemLine, 0, parts.problem};
    return compileError({problem}, code, name);
  }
  if (parts.mentions.empty() && parts.units.empty() && parts.executed.empty() && !parts.value) return std::nullopt;
  ModuleSource source;
  Compiled compiled = compile(parts, number, name, source);
  if ((isInterrupted = wasInterrupted())) return std::nullopt;
  if (compiled.file.empty()) return compileError(compiled.problems, code, name);
  if (name != "silent") {
    std::string warnings;
    for (auto &problem : compiled.problems)
      if (problem.file == name) warnings += describe(problem, code, name);
    if (!warnings.empty()) emit("stream", {"stderr", warnings});
  }
  if (parts.hasOpenMp) dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
  void *library = nullptr;
  if (std::string reason = Library::load(compiled.file, library); !library) return linkError(reason, code, name);
  names.adopt(parts, number, source);
  auto procedure = Library::procedure(library, "kb_" + std::to_string(number) + "_run");
  if (!procedure) return std::nullopt;
  CellEnd end = runGuarded(name, procedure);
  isInterrupted = end.kind == CellEnd::Interrupted;
  if (isInterrupted) takeErrorText();
  else releaseErrorText();
  if (end.kind == CellEnd::Failed) return end.error;
  return std::nullopt;
}

void Session::prepareCopy() {
  // A copy has none of OpenMP's threads, and would wait for them.
  using Pause = int (*)(int);
  if (auto pause = reinterpret_cast<Pause>(dlsym(RTLD_DEFAULT, "omp_pause_resource_all"))) pause(2);
}

void Session::moveTo(const std::string &directory) {
  compiler.moveTo(directory);
  addCodeDirectory(directory);
}

void Session::run(const std::string &code, const std::string &name, const std::vector<std::string> &arguments,
                  const std::map<std::string, std::string> &environment) {
  // Before anything of the cell is known to this process: a copy that takes over knows nothing of it.
  prepareCopy();
  expectInterrupts();
  pid_t copy = makeCopy();
  if (copy == 0) return ignoreInterrupts();
  emit("running", {std::to_string(getpid()), copy < 0 ? "" : std::to_string(copy)});
  std::optional<CellError> error;
  bool isInterrupted = false;
  {
    Environment variables(environment);
    setArguments(name, arguments);
    error = execute(code, name, isInterrupted);
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

Parts Session::partsOf(const std::string &code) const { return kernelbox::partsOf(inFreeForm(code), "cell", count + 1, names.userModules()); }

std::vector<Problem> Session::check(const Parts &parts) const {
  ModuleOptions options;
  options.hasDependents = false;
  return compiler.check(names.moduleOf(parts, count + 1, options).text, optionsFor(parts));
}

std::vector<Session::Shown> Session::showVariables(const std::vector<std::string> &variables) {
  if (variables.empty()) return {};
  int number = count + 1;
  std::string text = names.showersOf(variables, 0);
  auto known = showers.find(text);
  if (known == showers.end()) {
    ++count;
    Compiled compiled = compiler.compile(names.showersOf(variables, number), "kb_" + std::to_string(number), "variables", {});
    void *library = nullptr;
    if (!compiled.file.empty()) Library::load(compiled.file, library);
    known = showers.emplace(text, std::make_pair(number, library)).first;
  }
  auto [module, library] = known->second;
  if (!library) return {};
  // In a process of its own: a pointer may point to nothing any more.
  int ends[2];
  if (pipe(ends) != 0) return {};
  pid_t child = fork();
  if (child == 0) {
    for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) ::signal(signal, SIG_DFL);
    alarm(showSeconds);
    collectValues(true);
    for (size_t index = 0; index < variables.size(); ++index) {
      auto show = Library::procedure(library, "kb_" + std::to_string(module) + "_" + std::to_string(index + 1));
      if (!show) continue;
      show();
      Bundle bundle = takeValue();
      std::string value = bundle.size() > 1 ? bundle[1] : "";
      std::string frame = std::to_string(index) + " " + std::to_string(sizeOfValue()) + " " + std::to_string(value.size()) + "\n" + value;
      for (size_t sent = 0; sent < frame.size();) {
        ssize_t written = ::write(ends[1], frame.data() + sent, frame.size() - sent);
        if (written <= 0) _exit(1);
        sent += written;
      }
    }
    _exit(0);
  }
  close(ends[1]);
  std::string all;
  char piece[65536];
  for (;;) {
    ssize_t read = ::read(ends[0], piece, sizeof piece);
    if (read > 0) all.append(piece, read);
    else if (read == 0 || errno != EINTR) break;
  }
  close(ends[0]);
  while (child > 0 && waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
  std::vector<Shown> shown;
  for (size_t at = 0; at < all.size();) {
    size_t lineEnd = all.find('\n', at);
    if (lineEnd == std::string::npos) break;
    size_t index = 0, length = 0;
    long size = -1;
    if (sscanf(all.c_str() + at, "%zu %ld %zu", &index, &size, &length) != 3 || index >= variables.size() || lineEnd + 1 + length > all.size()) break;
    shown.push_back({variables[index], all.substr(lineEnd + 1, length), size});
    at = lineEnd + 1 + length;
  }
  return shown;
}

} // namespace kernelbox
