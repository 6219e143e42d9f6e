#include "errors.h"
#include "cell-process.h"
#include "crash.h"
#include "frames.h"
#include "processes.h"
#include "streams.h"
#include <algorithm>
#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <iterator>
#include <link.h>
#include <map>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>
#include <vector>

namespace kernelbox {
namespace {

constexpr size_t mostFrames = 64;
constexpr const char *fromBefore = "; variables are as they were before this cell";

struct Trace {
  uintptr_t addresses[mostFrames];
  size_t count = 0;
};

/// Where the code of cells was loaded from; the last one has it all.
std::vector<std::string> codeDirectories;
std::string currentCell;
Trace trace;
CellEnd pendingEnd;
sigjmp_buf outOfCell;
std::atomic<bool> isRunning{false};
std::atomic<bool> isInterrupted{false};
timer_t again;

_Unwind_Reason_Code addFrame(_Unwind_Context *context, void *) {
  int isBefore = 0;
  uintptr_t address = _Unwind_GetIPInfo(context, &isBefore);
  // A return address belongs to the call before it.
  if (address != 0) trace.addresses[trace.count++] = isBefore ? address : address - 1;
  return trace.count < mostFrames ? _URC_NO_REASON : _URC_END_OF_STACK;
}

void rememberPlace() {
  trace.count = 0;
  _Unwind_Backtrace(addFrame, nullptr);
}

/// Whether this is what a cell was made into.
bool isCodeFile(const char *path) {
  const char *name = std::strrchr(path, '/');
  if (!name || std::strncmp(name, "/kb_", 4) != 0) return false;
  for (auto &directory : codeDirectories)
    if (directory.size() == static_cast<size_t>(name - path) && directory.compare(0, directory.size(), path, name - path) == 0) return true;
  return false;
}

/// Of `__kb_3_MOD_area`; empty: what runs the cell.
std::string procedureOf(const std::string &symbol) {
  size_t mark = symbol.find("_MOD_");
  if (mark != std::string::npos) return symbol.substr(mark + 5);
  return symbol.rfind("kb_", 0) == 0 || symbol.empty() || symbol[0] == '?' ? "" : symbol;
}

/// The lines of the cells that the trace goes through. `line`: the innermost one of the cell that runs.
std::string describePlace(unsigned &line) {
  std::string text, last;
  size_t repeats = 0;
  // A recursion is the same line again and again.
  auto add = [&](const std::string &place) {
    if (place == last) {
      ++repeats;
      return;
    }
    if (repeats > 0) text += repeats == 1 ? last : "\n  … " + std::to_string(repeats) + " more of these";
    repeats = 0;
    text += last = place;
  };
  std::map<uintptr_t, std::string> places;
  for (size_t index = 0; index < trace.count; ++index) {
    Dl_info object;
    if (dladdr(reinterpret_cast<void *>(trace.addresses[index]), &object) == 0 || !object.dli_fname) continue;
    if (!isCodeFile(object.dli_fname)) continue;
    if (std::string &known = places[trace.addresses[index]]; !known.empty()) {
      add(known);
      continue;
    }
    std::string library = codeDirectories.back() + std::strrchr(object.dli_fname, '/');
    char offset[32];
    snprintf(offset, sizeof offset, "0x%lx", static_cast<unsigned long>(trace.addresses[index] - reinterpret_cast<uintptr_t>(object.dli_fbase)));
    std::string said = runProgram({"addr2line", "-f", "-e", library, offset}).output;
    size_t lineEnd = said.find('\n');
    if (lineEnd == std::string::npos) continue;
    std::string procedure = procedureOf(said.substr(0, lineEnd)), place = said.substr(lineEnd + 1);
    place.erase(std::min(place.find_first_of("\n ("), place.size()));
    size_t colon = place.rfind(':');
    if (colon == std::string::npos) continue;
    std::string file = place.substr(place.rfind('/') + 1, colon - place.rfind('/') - 1);
    unsigned number = static_cast<unsigned>(std::strtoul(place.c_str() + colon + 1, nullptr, 10));
    if (number == 0 || file.empty() || file[0] == '?') continue;
    if (line == 0 && file == currentCell) line = number;
    std::string at = file + ":" + std::to_string(number);
    add(places[trace.addresses[index]] = procedure.empty() ? "\n  at " + at : "\n  at " + procedure + " (" + at + ")");
  }
  add("");
  return text;
}

struct Known {
  const char *words;
  const char *name;
};

/// Kinds of errors, by libgfortran's words for them.
const Known knownErrors[] = {
    {"Index '", "BoundsError"},
    {"Substring out of bounds", "BoundsError"},
    {"Array bound mismatch", "BoundsError"},
    {"outside of expected range", "BoundsError"},
    {"Actual string length", "BoundsError"},
    {"Unequal character lengths", "BoundsError"},
    {"Error allocating", "AllocationError"},
    {"allocate", "AllocationError"},
    {"DEALLOCATE", "AllocationError"},
    {"Allocatable actual argument", "AllocationError"},
    {"Pointer actual argument", "PointerError"},
    {"Proc-pointer actual argument", "PointerError"},
    {"not associated", "PointerError"},
    {"Zero stride", "LoopError"},
    {"Step size", "LoopError"},
    {"DO step is zero", "LoopError"},
    {"End of file", "EndOfFile"},
    {"End of record", "EndOfRecord"},
    {"unit = ", "InputOutputError"},
    {"Cannot open", "InputOutputError"},
    {"Bad ", "InputOutputError"},
};

/// From what libgfortran has printed: where, and what.
CellError errorOfLibrary(const std::string &said) {
  CellError error;
  error.name = "RuntimeError";
  std::string text = said;
  for (auto *mark : {"Fortran runtime error: ", "Operating system error: "})
    if (size_t at = text.find(mark); at != std::string::npos) {
      error.message = text.substr(at + std::strlen(mark));
      break;
    }
  if (error.message.empty()) error.message = text;
  while (!error.message.empty() && error.message.back() == '\n') error.message.pop_back();
  for (auto &known : knownErrors)
    if (said.find(known.words) != std::string::npos) {
      error.name = known.name;
      break;
    }
  // `At line 3 of file cell-1`
  unsigned line = 0;
  char file[512] = "";
  if (sscanf(said.c_str(), "At line %u of file %511[^ \n]", &line, file) == 2 && currentCell == file) error.line = line;
  return error;
}

void complete(CellError &error) {
  unsigned line = error.line;
  std::string places = describePlace(line);
  error.line = line;
  error.traceback = error.name + ": " + error.message;
  if (places.empty() && line != 0) places = "\n  at " + currentCell + ":" + std::to_string(line);
  error.traceback += places;
}

void askAgain(long nanoseconds) {
  itimerspec time{};
  time.it_value.tv_nsec = time.it_interval.tv_nsec = nanoseconds;
  timer_settime(again, 0, &time, nullptr);
}

/// Back to where the cell was begun. What its procedures have allocated for themselves is lost.
[[noreturn]] void leaveCell(CellEnd end) {
  pendingEnd = std::move(end);
  abandonStatements();
  forgetRecursion();
  isRunning = false;
  askAgain(0);
  siglongjmp(outOfCell, 1);
}

[[noreturn]] void dieWith(const std::string &name, const std::string &message, int status) {
  if (isCellProcess()) emit("dying", {name, message + fromBefore, "", ""});
  _exit(status);
}

/// The code ends the program: of a cell, that is its end.
[[noreturn]] void endProgram(const std::string &name, const std::string &message, int status) {
  if (!isRunning || !isCellProcess()) {
    if (!isCellProcess()) flushStreams();
    _exit(status);
  }
  if (!isCellThread()) dieWith(name, message, status);
  rememberPlace();
  CellEnd end;
  if (isInterrupted) end.kind = CellEnd::Interrupted;
  else if (!name.empty()) {
    end.kind = CellEnd::Failed;
    end.error = {name, message, 0, ""};
  }
  leaveCell(std::move(end));
}

/// Whether it is a cell's own code, which can be left without anything of a library's half done.
bool isOfCell(uintptr_t address) {
  dl_find_object found;
  if (_dl_find_object(reinterpret_cast<void *>(address), &found) != 0) return false;
  return isCodeFile(found.dlfo_link_map->l_name);
}

void onCrash(int number, siginfo_t *info, void *data) {
  auto &context = *static_cast<ucontext_t *>(data);
  if (number == SIGFPE && isRunning && isCellThread() && isOfCell(placeOf(context))) {
    auto [name, message] = crashOf(number, *info, 0);
    rememberPlace();
    leaveCell({CellEnd::Failed, {name, message, 0, ""}});
  }
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  // Whatever goes wrong from here on ends the process.
  for (int fatal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGALRM}) sigaction(fatal, &usual, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (isCellProcess()) {
    alarm(2);
    auto [name, message] = crashOf(number, *info, stackOf(context));
    constexpr std::string_view nowhere = "a null pointer was followed";
    if (message.rfind(nowhere, 0) == 0) message.insert(nowhere.size(), ", or an array was used that is not allocated");
    message += fromBefore;
    emitFromCrash("dying", {name, message, "", ""});
    // With what may fail in a broken process: the place.
    rememberPlace();
    CellError error{name, message, 0, ""};
    complete(error);
    emitFromCrash("dying", {name, message, error.line == 0 ? "" : std::to_string(error.line), error.traceback});
  }
  raise(number);
  _exit(128 + number);
}

void onInterrupt(int number, siginfo_t *, void *data) {
  int before = errno;
  if (!isCellProcess()) {
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
    return;
  }
  if (number == SIGINT) isInterrupted = true;
  if (!isInterrupted || !isRunning) return;
  if (!isCellThread()) {
    pthread_kill(cellThread(), number);
  } else if (isOfCell(placeOf(*static_cast<ucontext_t *>(data)))) {
    leaveCell({CellEnd::Interrupted, {}});
  } else if (number == SIGINT) {
    askAgain(1'000'000);
  }
  errno = before;
}

} // namespace

void addCodeDirectory(const std::string &directory) { codeDirectories.push_back(directory); }

void setUpCrashes(const std::string &directory) {
  addCodeDirectory(directory);
  constexpr size_t room = 1 << 18;
  stack_t own{};
  own.ss_sp = std::malloc(room);
  own.ss_size = room;
  sigaltstack(&own, nullptr);
  struct sigaction crash {};
  crash.sa_sigaction = onCrash;
  crash.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigaction(number, &crash, nullptr);
  signal(SIGINT, SIG_IGN);
}

void expectInterrupts() {
  isInterrupted = false;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGRTMAX - 1;
  timer_create(CLOCK_MONOTONIC, &event, &again); // a copy does not inherit timers
  struct sigaction interrupt {};
  interrupt.sa_sigaction = onInterrupt;
  interrupt.sa_flags = SA_SIGINFO;
  sigaction(SIGINT, &interrupt, nullptr);
  interrupt.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGRTMAX - 1, &interrupt, nullptr);
}

void ignoreInterrupts() {
  signal(SIGINT, SIG_IGN);
  timer_delete(again);
}

void failCell(const std::string &name, const std::string &message) { endProgram(name, message, 1); }

bool wasInterrupted() { return isInterrupted; }
void leaveIfInterrupted() {
  if (isInterrupted && isRunning && isCellThread()) leaveCell({CellEnd::Interrupted, {}});
}

bool isInCell() { return isRunning; }

CellEnd runGuarded(const std::string &cell, const std::function<void()> &code) {
  currentCell = cell;
  trace.count = 0;
  pendingEnd = {};
  if (sigsetjmp(outOfCell, 1) == 0) {
    isRunning = true;
    if (!isInterrupted) code();
    isRunning = false;
    if (isInterrupted) pendingEnd.kind = CellEnd::Interrupted;
  }
  if (pendingEnd.kind == CellEnd::Failed) complete(pendingEnd.error);
  return std::move(pendingEnd);
}

} // namespace kernelbox

using namespace kernelbox;

#define OFFERED extern "C" __attribute__((visibility("default")))

/// In the place of the C library's: the Fortran library ends the program with it, and so may the code.
OFFERED [[noreturn]] void exit(int status) {
  std::string said = takeErrorText();
  if (!said.empty()) {
    CellError error = errorOfLibrary(said);
    if (!isRunning || !isCellThread() || isInterrupted) endProgram(error.name, error.message, status);
    rememberPlace();
    leaveCell({CellEnd::Failed, std::move(error)});
  }
  if (status == 0) endProgram("", "", 0);
  endProgram("Exit", "the code called exit(" + std::to_string(status) + ")", status);
}

// `stop` and `error stop`.
OFFERED [[noreturn]] void _gfortran_stop_numeric(int code, bool isQuiet) {
  (void)isQuiet;
  if (code == 0) endProgram("", "", 0);
  endProgram("Stop", "stop " + std::to_string(code), code);
}

OFFERED [[noreturn]] void _gfortran_stop_string(const char *text, size_t length, bool isQuiet) {
  if (text && length > 0 && !isQuiet) {
    std::string line = "STOP " + std::string(text, length) + "\n";
    if (write(STDERR_FILENO, line.data(), line.size()) < 0) _exit(1);
  }
  endProgram("", "", 0);
}

OFFERED [[noreturn]] void _gfortran_error_stop_numeric(int code, bool isQuiet) {
  (void)isQuiet;
  endProgram("ErrorStop", "error stop " + std::to_string(code), code);
}

OFFERED [[noreturn]] void _gfortran_error_stop_string(const char *text, size_t length, bool isQuiet) {
  (void)isQuiet;
  endProgram("ErrorStop", text && length > 0 ? std::string(text, length) : "error stop", 1);
}
