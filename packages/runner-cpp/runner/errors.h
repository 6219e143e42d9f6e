// What goes wrong in cells.
#pragma once
#include <csetjmp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kernelbox {

class Jit;

struct CellError {
  std::string name;
  std::string message;
  /// Counts from 1; 0: unknown.
  unsigned line = 0;
  std::string traceback;
};

/// What a linker could not find, in its words.
void noteLinkError(std::string message);
void forgetLinkError();
std::string linkErrorMessage();

/// Once, at the start: crashes are told before the process ends.
void setUpCrashes(Jit &jit);

/// How the code of a cell came to its end.
struct CellEnd {
  enum { Finished, Failed, Interrupted } kind = Finished;
  CellError error;
};

/// Runs code of the cell with this name, until its end or an interrupt.
CellEnd runGuarded(const std::string &cell, const std::function<void()> &code);

/// Whether an interrupt has come since the cell began.
bool wasInterrupted();
void expectInterrupts();
void ignoreInterrupts();

/// `exit` in a cell.
[[noreturn]] void leave(const std::string &said, int status);

/// C++'s name for a type that has been mangled; the name itself where it is none.
/// A name as people write it, from a demangled one.
std::string readable(std::string name);
std::string demangle(const std::string &name);

} // namespace kernelbox
