// What a cell is, seen before it is run: by parsing it in a process of its own, which leaves no trace.
#pragma once
#include "compiler.h"
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kernelbox {

/// A change of the code.
struct Edit {
  long offset = 0;
  long length = 0;
  std::string text;
};

/// A cell that can be parsed.
struct Cell {
  /// As it is compiled: what the user wrote, and what makes it a cell.
  std::string code;
  bool hasMain = false;
  bool mainTakesArguments = false;
  /// What the compiler warns of.
  std::string warnings;
};

struct Analysis {
  std::optional<Cell> cell;
  /// Why it cannot be run.
  std::string message;
  unsigned line = 0;
  std::string text;
  /// An error is at the end of the code: more of it could be the cure.
  bool isIncomplete = false;
  bool wasInterrupted = false;
};

/// Makes a cell of code. Definitions that it replaces are hidden in `compiler`.
/// It may take so many seconds; 0: as long as it takes.
Analysis analyse(Compiler &compiler, const std::string &code, const std::string &name, unsigned seconds = 0);

std::string applyEdits(std::string code, std::vector<Edit> edits);

/// Runs something in a process of its own and gives what that returns; nothing if it dies.
std::optional<std::string> inChild(const std::function<std::string()> &work, unsigned seconds = 0);

/// Strings one after the other, for a pipe.
class Packer {
public:
  void add(const std::string &text) { packed += std::to_string(text.size()) + " " + text; }
  void add(long number) { add(std::to_string(number)); }
  std::string packed;
};

class Unpacker {
public:
  explicit Unpacker(std::string text) : packed(std::move(text)) {}
  std::string text();
  long number() { return std::strtol(text().c_str(), nullptr, 10); }
  bool isAtEnd() const { return position >= packed.size(); }

private:
  std::string packed;
  size_t position = 0;
};

} // namespace kernelbox
