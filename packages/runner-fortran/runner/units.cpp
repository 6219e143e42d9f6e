// Statements about units. At an error the library ends the program from the middle of them, with the unit locked: whoever
// opened it again, or wrote all units out, would wait for ever. So they always come to their end, and the error after that.
#include "errors.h"
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

namespace {

/// How the parameters of all statements begin: `st_parameter_common` of libgfortran's io.h.
struct Parameters {
  int32_t flags;
  int32_t unit;
  const char *file;
  int32_t line;
  size_t messageLength;
  char *message;
  int32_t *outcome;
};

constexpr int32_t hasLabel = 1 << 2, hasOutcome = 1 << 5, hasMessage = 1 << 6;
constexpr size_t longestMessage = 512;

using Step = void (*)(void *);

void doWhole(Step step, void *data) {
  auto &parameters = *static_cast<Parameters *>(data);
  kernelbox::leaveIfInterrupted();
  if ((parameters.flags & (hasLabel | hasOutcome)) != 0 || !kernelbox::isInCell()) return step(data);
  char said[longestMessage];
  std::memset(said, ' ', sizeof said);
  int32_t outcome = 0;
  if ((parameters.flags & hasMessage) == 0) {
    parameters.message = said;
    parameters.messageLength = sizeof said;
  }
  parameters.outcome = &outcome;
  parameters.flags |= hasOutcome | hasMessage;
  step(data);
  if (outcome == 0) return;
  std::string message(parameters.message, parameters.messageLength);
  message.erase(message.find_last_not_of(' ') + 1);
  kernelbox::leaveIfInterrupted();
  kernelbox::failCell("InputOutputError", message);
}

} // namespace

#define WHOLE(name)                                                                                                    \
  extern "C" __attribute__((visibility("default"))) void name(void *parameters) {                                     \
    static auto real = reinterpret_cast<Step>(dlsym(RTLD_NEXT, #name));                                                \
    doWhole(real, parameters);                                                                                         \
  }

WHOLE(_gfortran_st_open)
WHOLE(_gfortran_st_close)
WHOLE(_gfortran_st_inquire)
WHOLE(_gfortran_st_rewind)
WHOLE(_gfortran_st_backspace)
WHOLE(_gfortran_st_endfile)
WHOLE(_gfortran_st_flush)
