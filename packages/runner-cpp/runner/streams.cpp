#include "streams.h"
#include "cell-process.h"
#include "frames.h"
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <mutex>
#include <pthread.h>
#include <stdio_ext.h>
#include <thread>
#include <unistd.h>

namespace kernelbox {
namespace {

constexpr auto flushEvery = std::chrono::milliseconds(20);
char outBuffer[65536];
char inBuffer[65536];
FILE *realErr;

void tellError(std::string_view text) {
  if (!isCellProcess()) { // the cell has forked
    while (!text.empty()) {
      ssize_t count = write(2, text.data(), text.size());
      if (count <= 0) return;
      text.remove_prefix(count);
    }
    return;
  }
  fflush(stdout);
  emit("stream", {"stderr", text});
  if (isCellThread()) sync();
}

ssize_t writeError(void *, const char *text, size_t length) {
  tellError({text, length});
  return static_cast<ssize_t>(length);
}

/// `std::cerr` and `std::clog`: the library has kept the stream that was there when it started.
class ErrorBuffer : public std::streambuf {
  int overflow(int character) override {
    char text = static_cast<char>(character);
    if (character != EOF) tellError({&text, 1});
    return character == EOF ? 0 : character;
  }
  std::streamsize xsputn(const char *text, std::streamsize length) override {
    tellError({text, static_cast<size_t>(length)});
    return length;
  }
};

std::mutex stopping;
std::condition_variable stopped;
bool isStopping = false;
std::thread flusher;

void flushNow() {
  // A thread that waits for stdout's lock would not let the cell end.
  if (__fpending(stdout) == 0 || ftrylockfile(stdout) != 0) return;
  fflush_unlocked(stdout);
  funlockfile(stdout);
}

} // namespace

void setUpStreams() {
  setvbuf(stdout, outBuffer, _IOLBF, sizeof outBuffer);
  // A read from a stream that is buffered by lines sends a prompt first.
  setvbuf(stdin, inBuffer, _IOLBF, sizeof inBuffer);
  realErr = stderr;
  FILE *error = fopencookie(nullptr, "w", {nullptr, writeError, nullptr, nullptr});
  setvbuf(error, nullptr, _IONBF, 0);
  error->_fileno = 2; // for fileno(stderr)
  stderr = error;
  static ErrorBuffer buffer;
  std::cerr.rdbuf(&buffer);
  std::clog.rdbuf(&buffer);
}

void startFlushing() {
  isStopping = false;
  // Signals are for the thread that runs the cell.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  flusher = std::thread([] {
    std::unique_lock lock(stopping);
    while (!stopped.wait_for(lock, flushEvery, [] { return isStopping; })) flushNow();
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void stopFlushing() {
  {
    std::lock_guard lock(stopping);
    isStopping = true;
  }
  stopped.notify_one();
  if (flusher.joinable()) flusher.join();
}

void flushStreams() {
  std::cout.flush();
  std::cerr.flush();
  fflush(stdout);
}

void flushFromCrash() {
  const char *held = stdout->_IO_write_base;
  while (held < stdout->_IO_write_ptr) {
    ssize_t count = write(1, held, stdout->_IO_write_ptr - held);
    if (count <= 0) return;
    held += count;
  }
}

void forgetInput() {
  std::cin.clear();
  clearerr(stdin);
  __fpurge(stdin);
  clearerr(stdout);
}

void unlockStreams() {
  // glibc: { int lock; int count; void *owner; }
  for (FILE *stream : {stdin, stdout, stderr}) std::memset(static_cast<void *>(stream->_lock), 0, 16);
  std::cout.clear();
}

} // namespace kernelbox
