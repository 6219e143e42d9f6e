// The program that runs cells in Fortran: see docs/runners.md for what goes over descriptors 3 and 4.
#include "cell-process.h"
#include "errors.h"
#include "frames.h"
#include "program.h"
#include "questions.h"
#include "session.h"
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

extern "C" void _gfortran_set_options(int count, int *options);

using namespace kernelbox;

namespace {

void greet(const Session &session) {
  emit("ready", {"1", "2018 (gfortran " + session.compiler.version() + ")", "complete", "inspect", "check", "variables", "fork"});
}

void serve(Session &session) {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  while (auto frame = receive()) {
    std::string first(frame->field(0)), second(frame->field(1));
    if (frame->name == "arg") {
      arguments.push_back(first);
    } else if (frame->name == "env") {
      environment[first] = second;
    } else if (frame->name == "run") {
      session.run(first, second, arguments, environment);
      arguments.clear();
      environment.clear();
    } else if (frame->name == "fork") {
      Session::prepareCopy();
      if (makeRunner(first)) {
        session.moveTo(first);
        greet(session);
      }
    } else {
      answer(session, *frame);
    }
  }
}

} // namespace

int main(int count, char **values) {
  if (count > 2 && std::string(values[1]) == "--program") return compileProgram(values[2], {values + 3, values + count});
  const char *directory = getenv("KERNELBOX_RUNNER_DIRECTORY");
  if (!directory) {
    fputs("kernelbox-fortran is started by its kernel\n", stderr);
    return 2;
  }
  Session session(directory);
  unsetenv("KERNELBOX_RUNNER_DIRECTORY");
  unsetenv("GFORTRAN_UNBUFFERED_PRECONNECTED"); // the library has read it
  if (session.compiler.version().empty()) {
    fputs("gfortran was not found, or does not work; Fortran cells need it (apt install gfortran)\n", stderr);
    return 1;
  }
  // As gfortran's own main programs have them, but for traces and messages at the end.
  int options[] = {68, 8191, 0, 0, 1, 0, 0};
  _gfortran_set_options(7, options);
  // Cells may call them, where they are installed.
  for (auto *library : {"libblas.so.3", "liblapack.so.3"}) dlopen(library, RTLD_LAZY | RTLD_GLOBAL);
  setUpCrashes(session.compiler.directory);
  greet(session);
  serve(session);
  _exit(0);
}
