#include "library.h"
#include "cell-process.h"
#include "errors.h"
#include "frames.h"
#include "jit.h"
#include "streams.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <pthread.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern "C" {
__attribute__((visibility("default"))) int argc = 0;
__attribute__((visibility("default"))) char **argv = nullptr;
}

// Of the C++ library; threads have their own.
namespace std {
extern __thread void *__once_callable;
extern __thread void (*__once_call)();
} // namespace std

namespace kernelbox {

std::function<void(std::string_view, const std::vector<std::string_view> &)> sink;
std::function<void(const volatile void *)> showValueOfC;

void setArguments(const std::vector<std::string> &arguments) {
  static std::vector<std::string> kept;
  static std::vector<char *> pointers;
  kept = arguments;
  pointers.clear();
  for (auto &argument : kept) pointers.push_back(argument.data());
  argc = static_cast<int>(kept.size());
  pointers.push_back(nullptr);
  argv = pointers.data();
}

void display(const std::vector<std::string_view> &bundle) {
  flushStreams();
  std::vector<std::string_view> fields{""};
  fields.insert(fields.end(), bundle.begin(), bundle.end());
  emit("display", fields);
  if (isCellThread()) sync();
}

namespace {

void displayFile(const char *type, const char *path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("there is no picture in ") + path + ": " + std::strerror(errno));
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  display({type, bytes});
}

[[noreturn]] void cellExit(int status) { leave("exit(" + std::to_string(status) + ")", status); }
[[noreturn]] void cellQuickExit(int status) { leave("_exit(" + std::to_string(status) + ")", status); }

/// Unlike the C library's it does not keep interrupts from the cell.
int cellSystem(const char *command) {
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

FILE *cellPopen(const char *command, const char *mode) {
  flushStreams();
  return popen(command, mode);
}

pid_t cellFork() {
  flushStreams();
  return fork();
}

/// What the code prints keeps its order with what is shown; no other buffers than the C library's.
bool keepInStep(bool) { return true; }

/// Nothing is torn down at the end of a session.
int ignoreAtExit(...) { return 0; }

// Thread-local variables of cells, in the way of GCC's emulation.
struct ThreadVariable {
  size_t size;
  size_t alignment;
  size_t index;
  void *initial;
};
ThreadVariable onceCallable{}, onceCall{};
std::mutex numbering;
size_t variables = 0;

struct ThreadValues {
  std::vector<void *> values;
  ~ThreadValues() {
    for (void *value : values) std::free(value);
  }
};
thread_local ThreadValues threadValues;

void *threadVariable(ThreadVariable *variable) {
  if (variable == &onceCallable) return &std::__once_callable;
  if (variable == &onceCall) return reinterpret_cast<void *>(&std::__once_call);
  if (variable->index == 0) {
    std::lock_guard lock(numbering);
    if (variable->index == 0) variable->index = ++variables;
  }
  auto &values = threadValues.values;
  if (values.size() < variable->index) values.resize(variable->index);
  auto &value = values[variable->index - 1];
  if (value == nullptr) {
    size_t alignment = std::max(variable->alignment, sizeof(void *));
    value = std::aligned_alloc(alignment, (variable->size + alignment - 1) / alignment * alignment);
    if (variable->initial) std::memcpy(value, variable->initial, variable->size);
    else std::memset(value, 0, variable->size);
  }
  return value;
}

} // namespace

void offerLibrary(Jit &jit) {
  auto define = [&](const char *name, auto *function) { jit.define(name, reinterpret_cast<void *>(function)); };
  define("exit", cellExit);
  define("_exit", cellQuickExit);
  define("_Exit", cellQuickExit);
  define("quick_exit", cellQuickExit);
  define("system", cellSystem);
  define("popen", cellPopen);
  define("fork", cellFork);
  define("_ZNSt8ios_base15sync_with_stdioEb", keepInStep);
  define("atexit", ignoreAtExit);
  define("__cxa_atexit", ignoreAtExit);
  define("__cxa_thread_atexit", ignoreAtExit);
  define("__emutls_get_address", threadVariable);
  jit.define("__emutls_v._ZSt15__once_callable", &onceCallable);
  jit.define("__emutls_v._ZSt11__once_call", &onceCall);
}

} // namespace kernelbox

extern "C" {

#define OFFERED __attribute__((visibility("default")))

OFFERED void kb_display(const char *type, const void *data, size_t length) {
  kernelbox::display({type, {static_cast<const char *>(data), length}});
}
OFFERED void kb_html(const char *html) { kernelbox::display({"text/html", html}); }
OFFERED void kb_markdown(const char *markdown) { kernelbox::display({"text/markdown", markdown}); }
OFFERED void kb_svg(const char *svg) { kernelbox::display({"image/svg+xml", svg}); }
OFFERED void kb_json(const char *json) { kernelbox::display({"application/json", json}); }
OFFERED void kb_png(const char *path) { kernelbox::displayFile("image/png", path); }
OFFERED void kb_jpeg(const char *path) { kernelbox::displayFile("image/jpeg", path); }

OFFERED void __kb_show(const volatile void *value) {
  if (kernelbox::showValueOfC) kernelbox::showValueOfC(value);
}

OFFERED void __kb_send(const char *name, const char *const *fields, const size_t *lengths, size_t count) {
  std::vector<std::string_view> list;
  for (size_t index = 0; index < count; ++index) list.emplace_back(fields[index], lengths[index]);
  if (kernelbox::sink) kernelbox::sink(name, list);
  else if (std::string_view(name) == "display") kernelbox::display({list.begin() + 1, list.end()});
  else kernelbox::emit(name, list);
}
}
