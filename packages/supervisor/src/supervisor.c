/*
 * The supervisor of a box's kernels.
 *
 * boxd runs on Node, which cannot adopt processes: children of a kernel that died would become nobody's, and a kernel
 * that was forked from another one could not be waited for. This program is the subreaper of everything that it starts.
 *
 * Requests come on stdin, each as a 32-bit length (big endian) and that many bytes of NUL-terminated strings:
 *
 *   start ID CWD OUTPUT ARGC ARGV... ENV...   starts a process in a session of its own. OUTPUT: a FIFO to make for its
 *                                             stdout and stderr, or nothing: /dev/null
 *
 * Events go to stdout, a line each:
 *
 *   started ID PID
 *   failed ID MESSAGE
 *   exited PID CODE        of every process whose parent we are, those that we were left with too
 *   killed PID SIGNAL
 *
 * At the end of stdin (boxd is gone) everything below is killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST_REQUEST (8u << 20)
/* When memory runs out, a kernel goes and boxd stays. */
#define OOM_SCORE "900"

static void die(const char *what) {
  fprintf(stderr, "kernelbox-supervisor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void write_all(const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) exit(1); /* nobody listens any more */
    bytes += written;
    size -= (size_t)written;
  }
}

/* One event. Whoever reads gets whole lines. */
static void tell(const char *format, ...) {
  char line[1024];
  va_list values;
  va_start(values, format);
  int size = vsnprintf(line, sizeof line - 1, format, values);
  va_end(values);
  if (size < 0) return;
  if ((size_t)size > sizeof line - 2) size = sizeof line - 2;
  line[size] = '\n';
  write_all(line, (size_t)size + 1);
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

struct request {
  char *next;
  char *end;
};

/* The next string of a request; NULL when there is none. */
static char *take(struct request *request) {
  if (request->next >= request->end) return NULL;
  char *text = request->next;
  request->next += strlen(text) + 1; /* the request ends with a NUL: see read_requests */
  return text;
}

static void make_default_signals(void) {
  /* Node ignores SIGPIPE; ignored signals would stay ignored in what we start. */
  for (int number = 1; number < NSIG; number += 1) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void raise_oom_score(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return; /* then boxd may be killed first: nothing that we could do about it */
  if (write(file, OOM_SCORE, strlen(OOM_SCORE)) < 0) { /* the same */
  }
  close(file);
}

/* Becomes the process that was asked for. What fails is written to `report` as a message. */
static void become(char *cwd, char *output, char **argv, char **environment, int report) {
  const char *step = "setsid";
  if (setsid() < 0) goto failed;
  make_default_signals();
  raise_oom_score();
  step = "open its output";
  int in = open("/dev/null", O_RDONLY);
  /* Read and write: opening a FIFO for writing alone would wait for its reader. */
  int out = open(*output ? output : "/dev/null", O_RDWR);
  if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) goto failed;
  if (in > 2) close(in);
  if (out > 2) close(out);
  step = cwd;
  if (chdir(cwd) < 0) goto failed;
  step = argv[0];
  execvpe(argv[0], argv, environment);
failed:
  dprintf(report, "%s: %s", step, strerror(errno));
  _exit(127);
}

static void start(struct request *request) {
  char *id = take(request), *cwd = take(request), *output = take(request), *count = take(request);
  size_t arguments = count == NULL ? 0 : strtoul(count, NULL, 10), strings = 0;
  for (char *at = request->next; at < request->end; at += strlen(at) + 1) strings += 1;
  if (count == NULL || arguments == 0 || arguments > strings) {
    tell("failed %s the request is not whole", id == NULL ? "-" : id);
    return;
  }
  char **argv = calloc(arguments + 1, sizeof *argv);
  char **environment = calloc(strings - arguments + 1, sizeof *environment);
  int report[2] = {-1, -1};
  char message[512];
  ssize_t said = 0;
  pid_t pid = -1;
  if (argv == NULL || environment == NULL || pipe2(report, O_CLOEXEC) < 0) goto failed;
  for (size_t index = 0; index < strings; index += 1) {
    if (index < arguments) argv[index] = take(request);
    else environment[index - arguments] = take(request);
  }
  if (*output && mkfifo(output, 0600) < 0) goto failed;
  pid = fork();
  if (pid < 0) goto failed;
  if (pid == 0) become(cwd, output, argv, environment, report[1]);
  close(report[1]);
  report[1] = -1;
  do said = read(report[0], message, sizeof message - 1);
  while (said < 0 && errno == EINTR);
  if (said > 0) {
    message[said] = 0;
    tell("failed %s %s", id, message);
  } else {
    tell("started %s %d", id, (int)pid);
  }
  goto done;
failed:
  tell("failed %s %s", id, strerror(errno));
done:
  if (report[0] >= 0) close(report[0]);
  if (report[1] >= 0) close(report[1]);
  free(argv);
  free(environment);
}

static void obey(char *bytes, size_t size) {
  struct request request = {bytes, bytes + size};
  char *name = take(&request);
  if (name != NULL && strcmp(name, "start") == 0) start(&request);
  else tell("failed - unknown request");
}

/* Takes what stdin has and obeys what is whole. False at its end. */
static int read_requests(void) {
  static char *buffer;
  static size_t filled, capacity;
  if (capacity - filled < 65536) {
    capacity = capacity + 65536 + capacity / 2;
    buffer = realloc(buffer, capacity);
    if (buffer == NULL) die("memory");
  }
  ssize_t got = read(STDIN_FILENO, buffer + filled, capacity - filled);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return 1;
  if (got <= 0) return 0;
  filled += (size_t)got;
  size_t offset = 0;
  while (filled - offset >= 4) {
    unsigned char *head = (unsigned char *)buffer + offset;
    uint32_t size = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
    if (size == 0 || size > LONGEST_REQUEST) {
      errno = EMSGSIZE;
      die("a request");
    }
    if (filled - offset - 4 < size) break;
    char *body = buffer + offset + 4;
    if (body[size - 1] == 0) obey(body, size);
    else tell("failed - the request does not end with NUL");
    offset += 4 + size;
  }
  memmove(buffer, buffer + offset, filled - offset);
  filled -= offset;
  return 1;
}

/* --- ends --------------------------------------------------------------------------------------------------------- */

static void reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (WIFEXITED(status)) tell("exited %d %d", (int)pid, WEXITSTATUS(status));
    else if (WIFSIGNALED(status)) tell("killed %d %d", (int)pid, WTERMSIG(status));
  }
}

/* Kills what we are the parent of, again and again: each death may leave us further children. */
static void kill_everything(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  for (int round = 0; round < 1000; round += 1) {
    FILE *children = fopen(path, "re");
    int pid, found = 0;
    while (children != NULL && fscanf(children, "%d", &pid) == 1) {
      found = 1;
      if (kill(-pid, SIGKILL) < 0) kill(pid, SIGKILL);
    }
    if (children != NULL) fclose(children);
    if (!found) return;
    usleep(1000);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
  }
}

int main(void) {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) die("cannot adopt processes");
  signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ends, NULL);
  int children = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  if (children < 0) die("signalfd");
  struct pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {children, POLLIN, 0}};
  for (;;) {
    if (poll(watched, 2, -1) < 0 && errno != EINTR) die("poll");
    if (watched[1].revents != 0) {
      struct signalfd_siginfo ignored;
      while (read(children, &ignored, sizeof ignored) > 0) {
      }
      reap();
    }
    if (watched[0].revents != 0 && !read_requests()) break;
  }
  kill_everything();
  return 0;
}
