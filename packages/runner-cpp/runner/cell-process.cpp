#include "cell-process.h"
#include "frames.h"
#include <cerrno>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace kernelbox {
namespace {
pid_t cellProcess = getpid();
pthread_t theThread = pthread_self();
} // namespace

bool isCellProcess() { return getpid() == cellProcess; }

bool isCellThread() { return isCellProcess() && pthread_equal(pthread_self(), theThread); }

pthread_t cellThread() { return theThread; }

pid_t makeCopy() {
  // The host's word that the original is gone may come before the copy waits for it.
  sigset_t word;
  sigemptyset(&word);
  sigaddset(&word, SIGUSR1);
  sigprocmask(SIG_BLOCK, &word, nullptr);
  pid_t copy = fork();
  if (copy != 0) {
    sigprocmask(SIG_UNBLOCK, &word, nullptr);
    return copy;
  }
  int received;
  sigwait(&word, &received);
  sigprocmask(SIG_UNBLOCK, &word, nullptr);
  cellProcess = getpid();
  theThread = pthread_self();
  emit("took-over", {std::to_string(cellProcess)});
  return 0;
}

void endCopy(pid_t copy) {
  if (copy <= 0) return;
  kill(copy, SIGKILL);
  while (waitpid(copy, nullptr, 0) < 0 && errno == EINTR) {}
}

} // namespace kernelbox
