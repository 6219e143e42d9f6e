#include "compiler.h"
#include "processes.h"
#include <climits>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace kernelbox {
namespace {

std::string firstLine(const std::vector<std::string> &command) {
  std::string output = runProgram(command).output;
  return output.substr(0, output.find('\n'));
}

std::string ownDirectory() {
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  std::string text(path, length > 0 ? length : 0);
  return text.substr(0, text.rfind('/'));
}

/// `FILE:LINE:COLUMN: Error: MESSAGE at (1)`
std::optional<Problem> problemOf(const std::string &text) {
  static const std::pair<const char *, bool> kinds[] = {{": Fatal Error: ", true}, {": Error: ", true}, {": Warning: ", false}};
  for (auto &[mark, isError] : kinds) {
    size_t at = text.find(mark);
    if (at == std::string::npos) continue;
    Problem problem;
    problem.isError = isError;
    problem.message = text.substr(at + std::string(mark).size());
    std::string place = text.substr(0, at);
    size_t last = place.rfind(':'), before = last == std::string::npos || last == 0 ? std::string::npos : place.rfind(':', last - 1);
    if (before == std::string::npos) return std::nullopt;
    problem.file = place.substr(0, before);
    problem.line = static_cast<unsigned>(std::strtoul(place.c_str() + before + 1, nullptr, 10));
    problem.column = static_cast<unsigned>(std::strtoul(place.c_str() + last + 1, nullptr, 10));
    for (auto *here : {" at (1)", " at (2)"})
      while ((at = problem.message.find(here)) != std::string::npos) problem.message.erase(at, 7);
    for (auto *quote : {"\xe2\x80\x98", "\xe2\x80\x99"})
      while ((at = problem.message.find(quote)) != std::string::npos) problem.message.replace(at, 3, "'");
    return problem;
  }
  return std::nullopt;
}

std::vector<Problem> problemsOf(const std::string &output) {
  std::vector<Problem> problems;
  std::stringstream lines(output);
  std::string line;
  while (std::getline(lines, line))
    if (auto problem = problemOf(line)) problems.push_back(std::move(*problem));
  return problems;
}

bool hasErrors(const std::vector<Problem> &problems) {
  for (auto &problem : problems)
    if (problem.isError) return true;
  return false;
}

} // namespace

Compiler::Compiler(std::string directory) : directory(std::move(directory)), own(ownDirectory()) {
  gfortran = firstLine({"gfortran", "-dumpfullversion"});
  program = firstLine({"gfortran", "-print-prog-name=f951"});
  intrinsics = firstLine({"gfortran", "-print-file-name=finclude"});
  support = firstLine({"gfortran", "-print-libgcc-file-name"});
}

void Compiler::moveTo(const std::string &other) {
  std::error_code failure;
  for (auto &entry : std::filesystem::directory_iterator(directory, failure)) {
    auto &path = entry.path();
    if (path.extension() == ".mod" || path.extension() == ".smod" || path.extension() == ".so")
      std::filesystem::copy(path, std::filesystem::path(other) / path.filename(), failure);
  }
  directory = other;
}

std::vector<std::string> Compiler::frontEnd(const std::string &file, const CompileOptions &options) const {
  // The compiler itself, and not the driver, which would take as long as all the rest.
  std::vector<std::string> command{program, file, "-quiet", "-ffree-form", "-ffree-line-length-none", "-fcoarray=single", "-fPIC",
                                   "-fcheck=bounds,do,mem,pointer", "-fdiagnostics-color=never", "-fno-diagnostics-show-caret",
                                   "-J", directory, "-I", own, "-fintrinsic-modules-path", intrinsics};
  // Internal procedures as arguments must not need a stack that can be executed: no library that does is loaded.
  if (std::atoi(gfortran.c_str()) >= 14) command.push_back("-ftrampoline-impl=heap");
  if (options.hasOpenMp) command.push_back("-fopenmp");
  return command;
}

Compiled Compiler::compile(const std::string &source, const std::string &name, const std::string &cell, const CompileOptions &options) const {
  std::string base = directory + "/" + name, file = directory + "/" + cell;
  std::ofstream(file) << source;
  auto command = frontEnd(file, options);
  command.insert(command.end(), {options.isOptimised ? "-O2" : "-O0", "-g1", "-o", "-"});
  Compiled compiled;
  Ended ended = runPipeline(command, {"as", "-o", base + ".o", "-"});
  compiled.problems = problemsOf(ended.output);
  if (ended.code == 0) {
    ended = runProgram({"ld", "-shared", "--eh-frame-hdr", "-o", base + ".so", base + ".o", support}, 2);
    unlink((base + ".o").c_str());
    if (ended.code == 0) compiled.file = base + ".so";
  }
  if (ended.code != 0 && !hasErrors(compiled.problems)) {
    std::string said = ended.output.substr(0, 2000);
    compiled.problems.push_back({true, "", 0, 0, said.empty() ? "the compiler has failed on this code" : said});
  }
  return compiled;
}

std::string Compiler::preprocess(const std::string &code, const std::string &name, std::vector<Problem> &problems) const {
  std::string file = directory + "/preprocess.F90", output = directory + "/preprocessed.f90";
  std::ofstream(file) << "# 1 \"" << name << "\"\n" << code << "\n";
  Ended ended = runProgram({program, file, "-quiet", "-ffree-form", "-cpp=" + output, "-E", "-fdiagnostics-color=never", "-fno-diagnostics-show-caret", "-o", output}, 2);
  problems = problemsOf(ended.output);
  if (ended.code != 0 && problems.empty()) problems.push_back({true, name, 1, 0, ended.output.substr(0, 2000)});
  std::ifstream lines(output);
  std::string line, text;
  unsigned number = 1;
  bool isOwn = false;
  while (std::getline(lines, line)) {
    // `# LINE "FILE" …`
    unsigned marked = 0;
    if (sscanf(line.c_str(), "# %u \"", &marked) == 1) {
      isOwn = line.find("\"" + name + "\"") != std::string::npos;
      for (; isOwn && number < marked; ++number) text += '\n';
      continue;
    }
    text += line + "\n";
    ++number;
  }
  return text;
}

std::vector<Problem> Compiler::check(const std::string &source, const CompileOptions &options) const {
  std::string file = directory + "/check.f90";
  std::ofstream(file) << source;
  auto command = frontEnd(file, options);
  command.push_back("-fsyntax-only");
  return problemsOf(runProgram(command, 2).output);
}

std::string Library::load(const std::string &file, void *&handle) {
  handle = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle) return "";
  const char *said = dlerror();
  std::string reason = said ? said : "it cannot be loaded";
  // `PATH: undefined symbol: NAME`
  if (size_t at = reason.find(file + ": "); at == 0) reason.erase(0, file.size() + 2);
  return reason;
}

void (*Library::procedure(void *handle, const std::string &name))() { return reinterpret_cast<void (*)()>(dlsym(handle, name.c_str())); }

} // namespace kernelbox
