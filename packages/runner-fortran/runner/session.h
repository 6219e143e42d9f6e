// A session: cells, one after the other.
#pragma once
#include "compiler.h"
#include "errors.h"
#include "names.h"
#include "values.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kernelbox {

class Session {
public:
  explicit Session(const std::string &directory) : compiler(directory) {}

  /// Runs a cell and says how it went.
  void run(const std::string &code, const std::string &name, const std::vector<std::string> &arguments,
           const std::map<std::string, std::string> &environment);

  /// Before this process is copied.
  static void prepareCopy();

  /// What is wrong with code that is not run; nothing: it could be.
  std::vector<Problem> check(const Parts &parts) const;
  Parts partsOf(const std::string &code) const;

  /// A variable's value, as it would be shown.
  struct Shown {
    std::string name;
    std::string text;
    long size = -1;
  };
  std::vector<Shown> showVariables(const std::vector<std::string> &variables);

  /// Goes on as a runner of its own, in another directory.
  void moveTo(const std::string &directory);

  Compiler compiler;
  Names names;

private:
  std::optional<CellError> execute(const std::string &code, const std::string &name, bool &isInterrupted);
  Compiled compile(const Parts &parts, int number, const std::string &name, ModuleSource &source) const;

  int count = 0;
  /// What shows variables, by its text: asked again, it is there.
  std::map<std::string, std::pair<int, void *>> showers;
};

} // namespace kernelbox
