/*
 * kernelbox-supervisor COMMAND [ARGUMENT]...
 *
 * Runs boxd and adopts the processes of its box. Node cannot adopt: a kernel that was forked from another kernel would
 * belong to nobody, and how it ended would never be known. This program is the subreaper of everything below it, reaps
 * what it is left with and tells boxd of each, through a pipe whose number is in the environment variable
 * KERNELBOX_ENDS_FD, a line each:
 *
 *   exited PID CODE
 *   killed PID SIGNAL
 *
 * Signals go on to boxd. Once boxd has ended, whatever is left is killed, and this program ends the way boxd did; as the
 * first process of a container, which no signal can end, with 128 + the signal's number. Should this program be killed,
 * boxd is asked to stop.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENDS_VARIABLE "KERNELBOX_ENDS_FD"
/*
 * Node reads pipes into blocks of 64 KiB, which it shrinks: on the heap of the C library that leaves holes that no next block
 * fits into, and 150 commands whose output nobody reads cost boxd a third more. As mappings of their own they leave none.
 * Set only where nobody has set it; boxd keeps this value from what it starts.
 */
#define MAPPED_FROM_VARIABLE "MALLOC_MMAP_THRESHOLD_"
#define MAPPED_FROM_BYTES "32768"
#define KILL_ROUNDS 2000
#define ROUND_MICROSECONDS 1000

static const int passed_on[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
#define PASSED_ON (sizeof passed_on / sizeof *passed_on)

static void die(const char *what) {
  fprintf(stderr, "kernelbox-supervisor: %s: %s\n", what, strerror(errno));
  exit(1);
}

/* In the child: becomes boxd. */
static void become(char **command, pid_t supervisor, int ends) {
  char number[16];
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != supervisor) _exit(1); /* killed before it was watched */
  snprintf(number, sizeof number, "%d", ends);
  if (fcntl(ends, F_SETFD, 0) < 0 || setenv(ENDS_VARIABLE, number, 1) < 0) die("cannot hand the pipe down");
  if (setenv(MAPPED_FROM_VARIABLE, MAPPED_FROM_BYTES, 0) < 0) die("cannot set " MAPPED_FROM_VARIABLE);
  execvp(command[0], command);
  die(command[0]);
}

static void tell(int ends, pid_t pid, int status) {
  char line[64];
  int size = WIFSIGNALED(status) ? snprintf(line, sizeof line, "killed %d %d\n", (int)pid, WTERMSIG(status))
                                 : snprintf(line, sizeof line, "exited %d %d\n", (int)pid, WEXITSTATUS(status));
  /* The pipe takes thousands of lines. A boxd that reads none of them for so long is told no more: reaping must not wait. */
  if (write(ends, line, (size_t)size) < 0 && errno != EAGAIN && errno != EPIPE) die("cannot tell of an end");
}

/* Reaps until there is nothing to reap now. True once boxd was among them: then `status` is how it ended. */
static int reap(pid_t boxd, int ends, int *status) {
  int ended, found = 0;
  pid_t pid;
  while ((pid = waitpid(-1, &ended, WNOHANG)) > 0) {
    if (pid == boxd) {
      *status = ended;
      found = 1;
    } else {
      tell(ends, pid, ended);
    }
  }
  return found;
}

/* Kills what we are the parent of, again and again: each death may leave us further children. */
static void kill_everything(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  for (int round = 0; round < KILL_ROUNDS; round += 1) {
    FILE *children = fopen(path, "re");
    int pid, found = 0;
    while (children != NULL && fscanf(children, "%d", &pid) == 1) {
      found = 1;
      kill(pid, SIGKILL);
    }
    if (children != NULL) fclose(children);
    if (!found) return;
    usleep(ROUND_MICROSECONDS);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
  }
}

static int end_like(int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  int number = WTERMSIG(status);
  if (getpid() != 1) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core); /* boxd's own is enough */
    signal(number, SIG_DFL);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    raise(number);
  }
  return 128 + number;
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: kernelbox-supervisor COMMAND [ARGUMENT]...\n");
    return 2;
  }
  int ends[2], status = 0;
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  for (size_t index = 0; index < PASSED_ON; index += 1) sigaddset(&watched, passed_on[index]);
  sigprocmask(SIG_BLOCK, &watched, NULL);
  signal(SIGPIPE, SIG_IGN);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) die("cannot adopt processes");
  if (pipe2(ends, O_CLOEXEC) < 0) die("pipe");
  pid_t supervisor = getpid();
  pid_t boxd = fork();
  if (boxd < 0) die("fork");
  if (boxd == 0) {
    signal(SIGPIPE, SIG_DFL);
    become(arguments + 1, supervisor, ends[0]);
  }
  close(ends[0]);
  if (fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0) die("pipe");
  for (;;) {
    int number = sigwaitinfo(&watched, NULL);
    if (number == SIGCHLD) {
      if (reap(boxd, ends[1], &status)) break;
    } else if (number > 0) {
      kill(boxd, number);
    } else if (errno != EINTR) {
      die("cannot wait for signals");
    }
  }
  kill_everything();
  return end_like(status);
}
