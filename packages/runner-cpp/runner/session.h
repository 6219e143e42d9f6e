// A session: cells, one after the other.
#pragma once
#include "analysis.h"
#include "compiler.h"
#include "errors.h"
#include "jit.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kernelbox {

class Session {
public:
  Session(bool isC, const std::string &precompiled);

  /// Runs a cell and says how it went.
  void run(const std::string &code, const std::string &name, const std::vector<std::string> &arguments,
           const std::map<std::string, std::string> &environment);

  /// Compiles and runs code that is not the user's; for a process that ends soon.
  bool runOwn(const std::string &code);

  Compiler compiler;
  Jit jit;

private:
  std::optional<CellError> execute(const Cell &cell, const std::string &name, bool &isInterrupted);
  int callMain(bool takesArguments);
  clang::QualType shownType() const;
};

} // namespace kernelbox
