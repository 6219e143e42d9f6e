#include "processes.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace kernelbox {
namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) ends[0] = ends[1] = -1;
  }
  ~Pipe() {
    closeEnd(0);
    closeEnd(1);
  }
  void closeEnd(int end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
};

pid_t start(const std::vector<std::string> &command, int input, int output, int error) {
  std::vector<char *> arguments;
  for (auto &argument : command) arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  int wanted[] = {input, output, error};
  for (int target = 0; target < 3; ++target) {
    if (wanted[target] >= 0) posix_spawn_file_actions_adddup2(&files, wanted[target], target);
    else posix_spawn_file_actions_addopen(&files, target, "/dev/null", target == 0 ? O_RDONLY : O_WRONLY, 0);
  }
  // The host's pipes are none of its business.
  for (int own : {3, 4}) posix_spawn_file_actions_addclose(&files, own);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGINT);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  if (posix_spawnp(&child, arguments[0], &files, &attributes, arguments.data(), environ) != 0) child = -1;
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return child;
}

int waitFor(pid_t child) {
  int status = 0;
  if (child < 0) return -1;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string readAll(int descriptor) {
  std::string text;
  char piece[4096];
  for (;;) {
    ssize_t count = read(descriptor, piece, sizeof piece);
    if (count > 0) text.append(piece, count);
    else if (count == 0 || errno != EINTR) return text;
  }
}

} // namespace

Ended runProgram(const std::vector<std::string> &command, int descriptor) {
  Pipe output;
  pid_t child = start(command, -1, descriptor == 1 ? output.ends[1] : -1, descriptor == 2 ? output.ends[1] : -1);
  output.closeEnd(1);
  Ended ended;
  ended.output = readAll(output.ends[0]);
  ended.code = waitFor(child);
  return ended;
}

Ended runPipeline(const std::vector<std::string> &first, const std::vector<std::string> &second) {
  Pipe between, errors;
  pid_t writer = start(first, -1, between.ends[1], errors.ends[1]);
  pid_t reader = start(second, between.ends[0], -1, errors.ends[1]);
  between.closeEnd(0);
  between.closeEnd(1);
  errors.closeEnd(1);
  Ended ended;
  ended.output = readAll(errors.ends[0]);
  int code = waitFor(writer), then = waitFor(reader);
  ended.code = code != 0 ? code : then;
  return ended;
}

} // namespace kernelbox
