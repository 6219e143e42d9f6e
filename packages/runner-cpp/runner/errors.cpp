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

std::string withoutTags(std::string name) {
  for (size_t start; (start = name.find("[abi:kb")) != std::string::npos;) name.erase(start, name.find(']', start) - start + 1);
  if (size_t end = name.find(".kb"); end != std::string::npos) name.erase(end);
  return name;
}

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
    if (!place || place->line == 0 || place->file.find('/') != std::string::npos) continue;
    if (line == 0 && place->file == currentCell) line = place->line;
    std::string at = place->file + ":" + std::to_string(place->line);
    text += isOwn(place->function) ? "\n  at " + at : "\n  at " + withoutTags(demangle(place->function)) + " (" + at + ")";
  }
  return text;
}

CellError errorOfException() {
  CellError error;
  auto *type = abi::__cxa_current_exception_type();
  error.name = type ? withoutTags(demangle(type->name())) : "unknown exception";
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
  for (size_t at; (at = error.name.find("__cxx11::")) != std::string::npos;) error.name.erase(at, 9);
  if (error.name.starts_with("std::basic_string<char")) error.name = "std::string";
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
    if (std::current_exception()) error = errorOfException();
    error.message += fromBefore;
    emitFromCrash("dying", {error.name, error.message, error.line == 0 ? "" : std::to_string(error.line), error.traceback});
  }
  _exit(134);
}

/// Whether the cell can be left here without anything half done: in its own code, or where it waits for the system.
bool canLeave(const ucontext_t &context) {
  uintptr_t address = placeOf(context);
#if defined(__x86_64__)
  long result = context.uc_mcontext.gregs[REG_RAX];
  const unsigned char *before = reinterpret_cast<unsigned char *>(address) - 2;
  bool isAfterCall = before[0] == 0x0f && before[1] == 0x05;
#else
  long result = context.uc_mcontext.regs[0];
  uint32_t instruction;
  std::memcpy(&instruction, reinterpret_cast<void *>(address - 4), 4);
  bool isAfterCall = instruction == 0xd4000001;
#endif
  dl_find_object found;
  bool isOfCell = _dl_find_object(reinterpret_cast<void *>(address), &found) != 0;
  return isOfCell || (isAfterCall && result == -EINTR);
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
  thrownAt.count = 0;
  CellEnd end;
  if (sigsetjmp(outOfCell, 1) != 0) {
    unlockStreams();
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
  if (isCellProcess()) emit("dying", {"Exit", "the code called " + said + fromBefore, "", ""});
  _exit(status);
}

} // namespace kernelbox

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
