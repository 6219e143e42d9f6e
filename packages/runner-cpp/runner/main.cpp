// The program that runs cells in C and C++: see docs/runners.md for what goes over descriptors 3 and 4.
#include "cell-process.h"
#include "frames.h"
#include "program.h"
#include "questions.h"
#include "session.h"
#include "streams.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <llvm/Support/TargetSelect.h>
#include <string>
#include <unistd.h>

using namespace kernelbox;

namespace {

int usage() {
  fputs("usage: kernelbox-cpp --language c|cpp [--precompiled FILE]\n"
        "       kernelbox-cpp --language c|cpp --precompile HEADER FILE\n"
        "       kernelbox-cpp --language c|cpp --program PROGRAM FILE...\n", stderr);
  return 2;
}

void greet(bool isC) {
  emit("ready", {"1", isC ? "C23 (clang 19)" : "C++23 (clang 19)", "complete", "inspect", "check", "variables", "no-nul", "fork"});
}

void serve(Session &session, bool isC) {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  while (auto frame = receive()) {
    std::string first(frame->field(0)), second(frame->field(1));
    if (frame->name == "arg") {
      arguments.push_back(first);
    } else if (frame->name == "env") {
      environment[first] = second;
    } else if (frame->name == "run") {
      session.run(first, second, arguments, environment);
      arguments.clear();
      environment.clear();
    } else if (frame->name == "fork") {
      if (makeRunner(first)) greet(isC);
    } else {
      answer(session, *frame);
    }
  }
}

} // namespace

int main(int count, char **values) {
  std::string language, header, output, precompiled, program;
  std::vector<std::string> files;
  bool isCompiler = count > 1 && std::string(values[1]) == "-cc1"; // for a program
  for (int index = 1; index < count && !isCompiler; ++index) {
    std::string option = values[index];
    if (option == "--language" && index + 1 < count) language = values[++index];
    else if (option == "--precompiled" && index + 1 < count) precompiled = values[++index];
    else if (option == "--precompile" && index + 2 < count) header = values[++index], output = values[++index];
    else if (option == "--program" && index + 2 < count) program = values[index + 1], files.assign(values + index + 2, values + count), index = count;
    else return usage();
  }
  if (!isCompiler && language != "c" && language != "cpp") return usage();
  bool isC = language == "c";
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::InitializeNativeTargetAsmParser(); // for asm in cells and headers
  if (isCompiler) return compileFile({values + 2, values + count});
  if (!program.empty()) return buildProgram(isC, program, files);
  if (!header.empty()) return Compiler::precompile(isC, header, output) ? 0 : 1;
  unsetenv("KERNELBOX_RUNNER_DIRECTORY");
  Session session(isC, precompiled);
  setUpStreams();
  greet(isC);
  serve(session, isC);
  _exit(0);
}
