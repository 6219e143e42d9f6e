// Loaded into rustc before its beginning (LD_PRELOAD): rustc, with all its libraries loaded, waits there and forks for each
// compilation, which saves the third of a small one. A byte on stdin asks for one; what waitpid says of it is the answer on
// stdout. The arguments are in a file that rustc itself reads (`rustc @FILE`); its messages go to KERNELBOX_MESSAGES.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int (*Main)(int, char **, char **);
typedef int (*Start)(Main, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

static Main rustc;

static int compile(const char *messages, int count, char **values, char **environment) {
  int nothing = open("/dev/null", O_RDWR);
  int file = open(messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (nothing < 0 || file < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 || dup2(file, 2) < 0) _exit(125);
  close(nothing);
  close(file);
  signal(SIGINT, SIG_DFL);
  return rustc(count, values, environment);
}

static int serve(int count, char **values, char **environment) {
  const char *messages = getenv("KERNELBOX_MESSAGES");
  if (!messages) return rustc(count, values, environment);
  unsetenv("LD_PRELOAD");
  // An interrupt is for the compilation that runs.
  signal(SIGINT, SIG_IGN);
  char request;
  for (;;) {
    ssize_t got = read(0, &request, 1);
    if (got < 0 && errno == EINTR) continue;
    // Whoever asked is gone.
    if (got <= 0) _exit(0);
    pid_t child = fork();
    if (child == 0) return compile(messages, count, values, environment);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (write(1, &status, sizeof status) != sizeof status) _exit(1);
  }
}

int __libc_start_main(Main main, int count, char **values, void (*init)(void), void (*fini)(void), void (*end)(void), void *stack) {
  Start start = (Start)dlsym(RTLD_NEXT, "__libc_start_main");
  rustc = main;
  return start(serve, count, values, init, fini, end, stack);
}
