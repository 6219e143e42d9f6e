#include "analysis.h"
#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace kernelbox {

std::optional<std::string> inChild(const std::function<std::string()> &work, unsigned seconds) {
  int ends[2];
  if (pipe(ends) != 0) return std::nullopt;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGINT}) signal(number, SIG_DFL);
    alarm(seconds);
    std::string result = work();
    for (size_t sent = 0; sent < result.size();) {
      ssize_t count = write(ends[1], result.data() + sent, result.size() - sent);
      if (count <= 0) break;
      sent += count;
    }
    _exit(0);
  }
  close(ends[1]);
  std::string result;
  char piece[65536];
  while (child > 0) {
    ssize_t count = read(ends[0], piece, sizeof piece);
    if (count > 0) result.append(piece, count);
    if (count == 0 || (count < 0 && errno != EINTR)) break;
  }
  close(ends[0]);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (child <= 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return result;
}

std::string Unpacker::text() {
  size_t space = packed.find(' ', position);
  if (space == std::string::npos) return "";
  size_t length = std::strtoul(packed.c_str() + position, nullptr, 10);
  position = space + 1 + length;
  return packed.substr(space + 1, length);
}

} // namespace kernelbox
