#include "program.h"
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/CodeGen/CodeGenAction.h>
#include <clang/Driver/Compilation.h>
#include <clang/Driver/Driver.h>
#include <clang/Driver/Tool.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/TextDiagnosticBuffer.h>
#include <clang/Frontend/TextDiagnosticPrinter.h>
#include <filesystem>
#include <llvm/Support/VirtualFileSystem.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>

using namespace clang;

namespace kernelbox {

int compileFile(const std::vector<const char *> &arguments) {
  CompilerInstance compiler;
  // Until it is known how errors are to be printed.
  auto *buffer = new TextDiagnosticBuffer;
  DiagnosticsEngine early(new DiagnosticIDs, new DiagnosticOptions, buffer);
  bool isRight = CompilerInvocation::CreateFromArgs(compiler.getInvocation(), arguments, early, "clang");
  compiler.createDiagnostics();
  buffer->FlushDiagnostics(compiler.getDiagnostics());
  if (!isRight) return 1;
  EmitObjAction action;
  return compiler.ExecuteAction(action) ? 0 : 1;
}

int buildProgram(bool isC, const std::string &output, const std::vector<std::string> &files) {
  std::string own = std::filesystem::canonical("/proc/self/exe");
  // The driver knows where headers and libraries lie, and what a linker wants.
  std::vector<const char *> arguments{"clang", isC ? "--driver-mode=gcc" : "--driver-mode=g++", isC ? "-std=gnu23" : "-std=gnu++23", "-O2",
                                      "-gline-tables-only", "-pthread", "-fno-color-diagnostics", "-resource-dir=" KERNELBOX_RESOURCES,
                                      "--ld-path=" KERNELBOX_LINKER, "-Wl,--color-diagnostics=never", "-I."};
  for (auto &file : files) arguments.push_back(file.c_str());
  for (auto *argument : {"-lm", "-o", output.c_str()}) arguments.push_back(argument);
  llvm::IntrusiveRefCntPtr<DiagnosticOptions> options = new DiagnosticOptions;
  DiagnosticsEngine diagnostics(new DiagnosticIDs, options, new TextDiagnosticPrinter(llvm::errs(), options.get()));
  driver::Driver driver(own, llvm::sys::getDefaultTargetTriple(), diagnostics, "the compiler of Kernelbox");
  // A standard is one of C or of C++; files of the other kind take their own.
  driver.setCheckInputsExist(true);
  std::unique_ptr<driver::Compilation> compilation(driver.BuildCompilation(arguments));
  if (!compilation || compilation->containsError()) return 1;
  llvm::SmallVector<std::pair<int, const driver::Command *>, 4> failing;
  int code = driver.ExecuteCompilation(*compilation, failing);
  for (auto &[status, command] : failing) {
    if (status != 0 && code == 0) code = status;
    // Otherwise it has said what is wrong.
    if (status < 0) llvm::errs() << "the compiler has failed on this code\n";
  }
  return code < 0 ? 1 : code;
}

} // namespace kernelbox
