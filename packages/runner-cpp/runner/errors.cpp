#include "errors.h"
#include "cell-process.h"
#include "crash.h"
#include "frames.h"
#include "jit.h"
#include "streams.h"
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cxxabi.h>
#include <dlfcn.h>
#include <exception>
#include <link.h>
#include <linux/futex.h>
#include <set>
#include <stdio_ext.h>
#include <sys/syscall.h>
#include <typeinfo>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

namespace kernelbox {
namespace {

constexpr size_t mostFrames = 64;
constexpr const char *fromBefore = "; variables are as they were before this cell";

struct Trace {
  uintptr_t addresses[mostFrames];
  size_t count = 0;
};

Jit *code = nullptr;
std::string currentCell;
/// The names of all that have run.
std::set<std::string> cells;
std::string linkError;
thread_local Trace thrownAt;
sigjmp_buf outOfCell;
std::atomic<bool> isInCell{false};
std::atomic<bool> isInterrupted{false};
timer_t again;

_Unwind_Reason_Code addFrame(_Unwind_Context *context, void *data) {
  auto &trace = *static_cast<Trace *>(data);
  int isBefore = 0;
  uintptr_t address = _Unwind_GetIPInfo(context, &isBefore);
  // A return address belongs to the call before it.
  if (address != 0) trace.addresses[trace.count++] = isBefore ? address : address - 1;
  return trace.count < mostFrames ? _URC_NO_REASON : _URC_END_OF_STACK;
}

void replaceAll(std::string &text, std::string_view before, std::string_view after) {
  for (size_t at = 0; (at = text.find(before, at)) != std::string::npos; at += after.size()) text.replace(at, before.size(), after);
}

} // namespace

std::string readable(std::string name) {
  // Of definitions that replace others.
  for (size_t start; (start = name.find("[abi:kb")) != std::string::npos;) name.erase(start, name.find(']', start) - start + 1);
  if (size_t end = name.find(".kb"); end != std::string::npos) name.erase(end);
  // Of the functions that statements are in.
  for (size_t start; (start = name.find("__kb_statement_")) != std::string::npos;) {
    size_t end = name.find("::", start);
    name.erase(start, end == std::string::npos ? end : end + 2 - start);
  }
  replaceAll(name, "__cxx11::", "");
  replaceAll(name, "std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string");
  for (size_t start; (start = name.find("$_")) != std::string::npos;) {
    size_t end = start + 2;
    while (end < name.size() && isdigit(static_cast<unsigned char>(name[end]))) ++end;
    name.replace(start, end - start, "lambda");
  }
  for (size_t start; (start = name.find("{lambda(")) != std::string::npos;) {
    size_t end = name.find('}', start);
    name.replace(start, end == std::string::npos ? end : end + 1 - start, "lambda");
  }
  for (std::string_view call : {"lambda::operator()", "lambda::__invoke"}) replaceAll(name, call, "lambda");
  replaceAll(name, " >", ">");
  return name;
}

namespace {

bool isOwn(const std::string &function) {
  return function.starts_with("__stmts__") || function.starts_with("__kb_") || function.starts_with("_GLOBAL__") ||
         function.starts_with("__cxx_global");
}

/// The lines of the cells that a trace goes through. `line`: the innermost one of the cell that runs.
std::string describe(const Trace &trace, unsigned &line) {
  std::string text;
  line = 0;
  for (size_t index = 0; index < trace.count; ++index) {
    auto place = code->locate(trace.addresses[index]);
    if (!place || place->line == 0 || !cells.count(place->file)) continue;
    if (line == 0 && place->file == currentCell) line = place->line;
    std::string at = place->file + ":" + std::to_string(place->line);
    text += isOwn(place->function) ? "\n  at " + at : "\n  at " + readable(demangle(place->function)) + " (" + at + ")";
  }
  return text;
}

CellError errorOfException() {
  CellError error;
  auto *type = abi::__cxa_current_exception_type();
  error.name = type ? readable(demangle(type->name())) : "unknown exception";
  try {
    throw; // this is not a new exception: where it was thrown is kept
  } catch (const std::exception &exception) {
    error.message = exception.what();
  } catch (const std::string &text) {
    error.message = text;
  } catch (const char *text) {
    error.message = text ? text : "";
  } catch (int number) {
    error.message = std::to_string(number);
  } catch (...) {
    error.message = "an exception of this type was not caught";
  }
  if (error.name == "char const*") error.name = "const char *";
  error.traceback = error.name + ": " + error.message + describe(thrownAt, error.line);
  return error;
}

void onCrash(int number, siginfo_t *info, void *data) {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  // Whatever goes wrong from here on ends the process.
  for (int fatal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGALRM}) sigaction(fatal, &usual, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (isCellProcess()) {
    alarm(2);
    flushFromCrash();
    auto [name, message] = crashOf(number, *info, stackOf(*static_cast<ucontext_t *>(data)));
    message += fromBefore;
    emitFromCrash("dying", {name, message, "", ""});
    // With what may fail in a broken process: the place.
    Trace trace;
    _Unwind_Backtrace(addFrame, &trace);
    unsigned line = 0;
    std::string traceback = std::string(name) + ": " + message + describe(trace, line);
    emitFromCrash("dying", {name, message, line == 0 ? "" : std::to_string(line), traceback});
  }
  raise(number);
  _exit(128 + number);
}

[[noreturn]] void onTerminate() {
  if (isCellProcess()) {
    flushFromCrash();
    CellError error{"Abort", "std::terminate() was called", 0, ""};
    if (std::current_exception()) {
      error = errorOfException();
      error.message += fromBefore;
    } else {
      error.message += fromBefore;
      Trace trace;
      _Unwind_Backtrace(addFrame, &trace);
      error.traceback = error.name + ": " + error.message + describe(trace, error.line);
    }
    emitFromCrash("dying", {error.name, error.message, error.line == 0 ? "" : std::to_string(error.line), error.traceback});
  }
  _exit(134);
}

/// The cell was left after stdout's buffer was written, and before the library knew of it.
bool isOutputSent = false;

/// Whether the cell can be left here without anything half done: in its own code, or where it waits for the system.
bool canLeave(const ucontext_t &context) {
  uintptr_t address = placeOf(context);
#if defined(__x86_64__)
  long result = context.uc_mcontext.gregs[REG_RAX], call = result, second = context.uc_mcontext.gregs[REG_RSI];
  const unsigned char *code = reinterpret_cast<unsigned char *>(address);
  bool isAfterCall = code[-2] == 0x0f && code[-1] == 0x05;
  bool isBeforeCall = code[0] == 0x0f && code[1] == 0x05;
#else
  long result = context.uc_mcontext.regs[0], call = context.uc_mcontext.regs[8], second = context.uc_mcontext.regs[1];
  uint32_t instructions[2];
  std::memcpy(instructions, reinterpret_cast<void *>(address - 4), 8);
  bool isAfterCall = instructions[0] == 0xd4000001;
  bool isBeforeCall = instructions[1] == 0xd4000001;
#endif
  // It waited there, and would wait again: a pipe is full or empty.
  long how = second & 0x7f;
  bool waits = isBeforeCall && (call == SYS_read || call == SYS_write || call == SYS_readv || call == SYS_writev || call == SYS_wait4 ||
                                call == SYS_restart_syscall || (call == SYS_futex && (how == FUTEX_WAIT || how == FUTEX_WAIT_BITSET)));
  // A flood of output is hardly ever anywhere else than here.
  auto *sent = reinterpret_cast<const char *>(second);
  isOutputSent = isAfterCall && result > 0 && sent >= stdout->_IO_buf_base && sent < stdout->_IO_buf_end;
  dl_find_object found;
  bool isOfCell = _dl_find_object(reinterpret_cast<void *>(address), &found) != 0;
  return isOfCell || waits || isOutputSent || (isAfterCall && result == -EINTR);
}

void askAgain(long nanoseconds) {
  itimerspec time{};
  time.it_value.tv_nsec = time.it_interval.tv_nsec = nanoseconds;
  timer_settime(again, 0, &time, nullptr);
}

void onInterrupt(int number, siginfo_t *, void *data) {
  int before = errno;
  if (!isCellProcess()) {
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
    return;
  }
  if (number == SIGINT) isInterrupted = true;
  if (!isInterrupted || !isInCell) return;
  if (!isCellThread()) {
    pthread_kill(cellThread(), number);
  } else if (canLeave(*static_cast<ucontext_t *>(data))) {
    isInCell = false;
    askAgain(0);
    siglongjmp(outOfCell, 1);
  } else if (number == SIGINT) {
    askAgain(1'000'000);
  }
  errno = before;
}

} // namespace

void noteLinkError(std::string message) { linkError += message + "\n"; }
void forgetLinkError() { linkError.clear(); }
std::string linkErrorMessage() { return linkError; }

std::string demangle(const std::string &name) {
  int status = 0;
  char *text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  std::string result = status == 0 && text ? text : name;
  std::free(text);
  return result;
}

void setUpCrashes(Jit &jit) {
  code = &jit;
  constexpr size_t room = 1 << 18;
  stack_t own{};
  own.ss_sp = std::malloc(room);
  own.ss_size = room;
  sigaltstack(&own, nullptr);
  struct sigaction crash {};
  crash.sa_sigaction = onCrash;
  crash.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigaction(number, &crash, nullptr);
  std::set_terminate(onTerminate);
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

bool wasInterrupted() { return isInterrupted; }

CellEnd runGuarded(const std::string &cell, const std::function<void()> &run) {
  currentCell = cell;
  cells.insert(cell);
  thrownAt.count = 0;
  CellEnd end;
  if (sigsetjmp(outOfCell, 1) != 0) {
    unlockStreams();
    if (isOutputSent) __fpurge(stdout);
    end.kind = CellEnd::Interrupted;
    return end;
  }
  try {
    isInCell = true;
    if (!isInterrupted) run();
    isInCell = false;
    if (isInterrupted) end.kind = CellEnd::Interrupted;
  } catch (abi::__forced_unwind &) {
    isInCell = false;
    throw;
  } catch (...) {
    isInCell = false;
    end.kind = CellEnd::Failed;
    end.error = errorOfException();
  }
  return end;
}

void leave(const std::string &said, int status) {
  flushStreams();
  if (isCellProcess()) {
    std::string message = "the code called " + said + fromBefore;
    Trace trace;
    _Unwind_Backtrace(addFrame, &trace);
    unsigned line = 0;
    std::string traceback = "Exit: " + message + describe(trace, line);
    emit("dying", {"Exit", message, line == 0 ? "" : std::to_string(line), traceback});
  }
  _exit(status);
}

} // namespace kernelbox

/// An exception that another thread or an earlier cell has thrown comes from here, for this cell.
__attribute__((visibility("default"), noreturn)) void rethrowFromCell(void *exception) __asm__("_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE");
void rethrowFromCell(void *exception) {
  using Rethrow = void (*)(void *);
  static Rethrow next = reinterpret_cast<Rethrow>(dlsym(RTLD_NEXT, "_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE"));
  kernelbox::thrownAt.count = 0;
  _Unwind_Backtrace(kernelbox::addFrame, &kernelbox::thrownAt);
  next(exception);
  __builtin_unreachable();
}

extern "C" {

/// In the place of the C++ library's: remembers where an exception comes from.
__attribute__((visibility("default"), noreturn)) void __cxa_throw(void *exception, void *type, void (*destroy)(void *)) {
  using Throw = void (*)(void *, void *, void (*)(void *));
  static Throw next = reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"));
  kernelbox::thrownAt.count = 0;
  _Unwind_Backtrace(kernelbox::addFrame, &kernelbox::thrownAt);
  next(exception, type, destroy);
  __builtin_unreachable();
}
}
