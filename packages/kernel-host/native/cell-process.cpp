#include "cell-process.h"
#include "frames.h"
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace kernelbox {
namespace {
pid_t cellProcess = getpid();
pthread_t theThread = pthread_self();

/// Which pipe or file a descriptor stands for.
struct Identity {
  dev_t device = 0;
  ino_t number = 0;
  bool isKnown = false;
  bool operator==(const Identity &other) const {
    return isKnown && other.isKnown && device == other.device && number == other.number;
  }
};

Identity identityOf(int descriptor) {
  struct stat found {};
  if (fstat(descriptor, &found) != 0) return {};
  return {found.st_dev, found.st_ino, true};
}

struct Pipe {
  const char *name;
  int mode;
};
constexpr Pipe pipes[] = {{"in", O_RDONLY}, {"out", O_WRONLY}, {"err", O_WRONLY}, {"requests", O_RDONLY}, {"events", O_WRONLY}};

/// What the host has given: the code may have closed them, or opened them once more.
Identity ours[std::size(pipes)];
[[maybe_unused]] const bool areOursKnown = [] {
  for (size_t index = 0; index < std::size(ours); ++index) ours[index] = identityOf(static_cast<int>(index));
  return true;
}();

std::vector<int> openDescriptors() {
  std::vector<int> found;
  DIR *directory = opendir("/proc/self/fd");
  if (directory == nullptr) return found;
  while (dirent *entry = readdir(directory))
    if (isdigit(static_cast<unsigned char>(entry->d_name[0]))) found.push_back(std::atoi(entry->d_name));
  closedir(directory);
  return found;
}

/// Puts a pipe in the place of the one that was there, wherever that is open.
bool takePipe(const std::string &path, int mode, Identity &place) {
  // Opening one end never waits while the other one is open.
  int both = open(path.c_str(), O_RDWR | O_CLOEXEC);
  int opened = open(path.c_str(), mode | O_CLOEXEC);
  if (both < 0 || opened < 0) return false;
  close(both);
  for (int number : openDescriptors()) {
    if (!(identityOf(number) == place)) continue;
    int flags = fcntl(number, F_GETFD);
    dup3(opened, number, flags & FD_CLOEXEC ? O_CLOEXEC : 0);
  }
  place = identityOf(opened);
  close(opened);
  return true;
}

/// A process that is nobody's child: its number, and 0 in it. Negative: there can be no further one.
pid_t makeOrphan() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t middle = fork();
  if (middle == 0) {
    // Ends at once.
    pid_t copy = fork();
    if (copy == 0) {
      close(ends[0]);
      close(ends[1]);
      return 0;
    }
    ssize_t sent = write(ends[1], &copy, sizeof copy);
    _exit(sent == sizeof copy ? 0 : 1);
  }
  close(ends[1]);
  pid_t copy = -1;
  if (middle > 0) {
    while (read(ends[0], &copy, sizeof copy) < 0 && errno == EINTR) {}
    while (waitpid(middle, nullptr, 0) < 0 && errno == EINTR) {}
  }
  close(ends[0]);
  return copy;
}

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

bool makeRunner(const std::string &directory) {
  pid_t copy = makeOrphan();
  if (copy < 0) emit("error", {"Error", "no process can be made", "", ""});
  if (copy != 0) return false;
  setsid();
  cellProcess = getpid();
  theThread = pthread_self();
  emit("forked", {std::to_string(cellProcess)});
  for (size_t index = 0; index < std::size(pipes); ++index)
    if (!takePipe(directory + "/" + pipes[index].name, pipes[index].mode, ours[index])) _exit(1);
  return true;
}

void endCopy(pid_t copy) {
  if (copy <= 0) return;
  kill(copy, SIGKILL);
  while (waitpid(copy, nullptr, 0) < 0 && errno == EINTR) {}
}

} // namespace kernelbox
