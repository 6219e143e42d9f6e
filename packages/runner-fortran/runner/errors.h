// What goes wrong in cells, and how they are left.
#pragma once
#include <functional>
#include <string>

namespace kernelbox {

struct CellError {
  std::string name;
  std::string message;
  /// Counts from 1; 0: unknown.
  unsigned line = 0;
  std::string traceback;
};

/// How the code of a cell came to its end.
struct CellEnd {
  enum { Finished, Failed, Interrupted } kind = Finished;
  CellError error;
};

/// Once, at the start: crashes are told before the process ends. `directory`: where the code of cells lies.
void setUpCrashes(const std::string &directory);

/// From now on, code of cells lies here, too; what is needed of earlier directories has been copied.
void addCodeDirectory(const std::string &directory);

/// Runs code of the cell with this name, until its end, an error or an interrupt.
CellEnd runGuarded(const std::string &cell, const std::function<void()> &code);

/// From what code has called: ends the cell with this error.
[[noreturn]] void failCell(const std::string &name, const std::string &message);

/// Whether code of a cell is running.
bool isInCell();

/// Whether an interrupt has come since the cell began.
bool wasInterrupted();
/// Where nothing of a library's is half done: ends the cell if an interrupt has come.
void leaveIfInterrupted();
void expectInterrupts();
void ignoreInterrupts();

} // namespace kernelbox
