#include "streams.h"
#include "cell-process.h"
#include "errors.h"
#include "frames.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <iterator>
#include <pthread.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" void kb_forget_input();
extern "C" void kb_flush_units();

namespace kernelbox {
namespace {

// Standard input, by lines: the library must not read ahead of what it needs.
char input[65536];
size_t inputStart = 0, inputEnd = 0;
/// Where unit 5 reads from.
int inputDescriptor = STDIN_FILENO;
bool wasInputRead = false;
bool isReopening = false;

// What the library says before it ends the program, held back.
std::string errorText;

void showError(std::string_view text) {
  if (text.empty()) return;
  emit("stream", {"stderr", text});
  if (isCellThread()) sync();
}

bool startsWith(std::string_view text, const char *start) { return text.substr(0, std::strlen(start)) == start; }

/// The first words of what libgfortran prints at an error that ends the program; the rest comes in calls of its own.
bool beginsError(std::string_view text) {
  return startsWith(text, "At line ") || startsWith(text, "In file '") || startsWith(text, "Fortran runtime error: ") ||
         startsWith(text, "Error allocating") || startsWith(text, "Operating system error: ");
}

void tellError(std::string_view text) {
  if (startsWith(errorText, "At line ") && errorText.find("Fortran runtime ") == std::string::npos && !startsWith(text, "Fortran runtime ") &&
      !startsWith(text, "\nFortran runtime ") && errorText.back() == '\n')
    releaseErrorText(); // the user's own words
  if (!errorText.empty() || beginsError(text)) errorText += text;
  else showError(text);
}

// Statements that read or write, and are not at their end.
struct OpenStatement {
  void *parameters;
  bool isRead;
};
OpenStatement statements[32];
size_t statementCount = 0;

template <class Function> Function next(const char *name) { return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name)); }
using Step = void (*)(void *);

void begin(Step step, void *parameters, bool isRead) {
  leaveIfInterrupted();
  if (isCellThread() && statementCount < std::size(statements)) statements[statementCount++] = {parameters, isRead};
  step(parameters);
}

void end(Step step, void *parameters) {
  step(parameters);
  if (isCellThread() && statementCount > 0) --statementCount;
}

// Where the library remembers that it is ending the program: a flag of each thread, made with `free` to end it.
pthread_key_t keys[64];
size_t keyCount = 0;

} // namespace

std::string takeErrorText() {
  std::string text = std::move(errorText);
  errorText.clear();
  return text;
}

void releaseErrorText() { showError(takeErrorText()); }

void flushStreams() {
  kb_flush_units();
  fflush(stdout);
}

void abandonStatements() {
  // The first word of their parameters says how they went: https://gcc.gnu.org/onlinedocs/gfortran (libgfortran's io.h).
  constexpr int32_t outcome = 3, failed = 1;
  while (statementCount > 0) {
    auto statement = statements[--statementCount];
    auto &flags = *static_cast<int32_t *>(statement.parameters);
    if (statement.isRead && (flags & outcome) == 0) flags |= failed;
    static Step endRead = next<Step>("_gfortran_st_read_done"), endWrite = next<Step>("_gfortran_st_write_done");
    (statement.isRead ? endRead : endWrite)(statement.parameters);
  }
}

void forgetRecursion() {
  for (size_t index = 0; index < keyCount; ++index)
    if (auto *isEnding = static_cast<bool *>(pthread_getspecific(keys[index]))) *isEnding = false;
}

void forgetInput() {
  inputStart = inputEnd = 0;
  if (!wasInputRead) return;
  wasInputRead = false;
  isReopening = true;
  kb_forget_input();
  isReopening = false;
}

} // namespace kernelbox

using namespace kernelbox;

#define OFFERED extern "C" __attribute__((visibility("default")))

OFFERED ssize_t write(int descriptor, const void *data, size_t length) {
  if (descriptor != STDERR_FILENO || !isInCell() || !isCellProcess()) return syscall(SYS_write, descriptor, data, length);
  tellError({static_cast<const char *>(data), length});
  return static_cast<ssize_t>(length);
}

OFFERED ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
  if (descriptor != STDERR_FILENO || !isInCell() || !isCellProcess()) return syscall(SYS_writev, descriptor, pieces, count);
  std::string text;
  for (int index = 0; index < count; ++index) text.append(static_cast<const char *>(pieces[index].iov_base), pieces[index].iov_len);
  tellError(text);
  return static_cast<ssize_t>(text.size());
}

OFFERED ssize_t read(int descriptor, void *target, size_t length) {
  if ((descriptor != STDIN_FILENO && descriptor != inputDescriptor) || !isInCell() || !isCellThread()) return syscall(SYS_read, descriptor, target, length);
  wasInputRead = true;
  if (inputStart == inputEnd) {
    ssize_t count = syscall(SYS_read, descriptor, input, sizeof input);
    if (count < 0 && errno == EINTR && wasInterrupted()) errno = EIO; // otherwise it would be tried again
    if (count <= 0) return count;
    inputStart = 0;
    inputEnd = count;
  }
  size_t rest = inputEnd - inputStart;
  auto *lineEnd = static_cast<char *>(std::memchr(input + inputStart, '\n', rest));
  size_t count = std::min(length, lineEnd ? lineEnd + 1 - (input + inputStart) : rest);
  std::memcpy(target, input + inputStart, count);
  inputStart += count;
  return static_cast<ssize_t>(count);
}

static int openFile(const char *path, int flags, unsigned mode) {
  if (isReopening && std::strcmp(path, "/dev/stdin") == 0) {
    // Opened by its name, a pipe that nobody writes to would wait.
    inputDescriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    return inputDescriptor;
  }
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

OFFERED int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  return openFile(path, flags, mode);
}

OFFERED int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  return openFile(path, flags | O_LARGEFILE, mode);
}

OFFERED int pthread_key_create(pthread_key_t *key, void (*destroy)(void *)) {
  static auto real = next<int (*)(pthread_key_t *, void (*)(void *))>("pthread_key_create");
  int failure = real(key, destroy);
  Dl_info library;
  if (failure == 0 && keyCount < std::size(keys) && dladdr(key, &library) && library.dli_fname && std::strstr(library.dli_fname, "libgfortran"))
    keys[keyCount++] = *key;
  return failure;
}

/// Unlike the C library's it does not keep interrupts from the cell.
OFFERED int system(const char *command) {
  if (command == nullptr) return 1;
  flushStreams();
  const char *const arguments[] = {"sh", "-c", command, nullptr};
  pid_t child;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  posix_spawnattr_setsigmask(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  int failure = posix_spawn(&child, "/bin/sh", nullptr, &attributes, const_cast<char *const *>(arguments), environ);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  int status = 0;
  return waitpid(child, &status, 0) < 0 ? -1 : status;
}

OFFERED void _gfortran_st_write(void *parameters) {
  static auto real = next<Step>("_gfortran_st_write");
  begin(real, parameters, false);
}

OFFERED void _gfortran_st_write_done(void *parameters) {
  static auto real = next<Step>("_gfortran_st_write_done");
  end(real, parameters);
}

OFFERED void _gfortran_st_read(void *parameters) {
  static auto real = next<Step>("_gfortran_st_read");
  begin(real, parameters, true);
}

OFFERED void _gfortran_st_read_done(void *parameters) {
  static auto real = next<Step>("_gfortran_st_read_done");
  end(real, parameters);
}
