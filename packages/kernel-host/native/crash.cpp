#include "crash.h"
#include <cstdio>

namespace kernelbox {

Crash crashOf(int number, const siginfo_t &info, uintptr_t stack) {
  bool isFault = info.si_code > 0; // and not sent by somebody
  auto address = reinterpret_cast<uintptr_t>(info.si_addr);
  char text[64];
  snprintf(text, sizeof text, "0x%lx", static_cast<unsigned long>(address));
  switch (number) {
  case SIGSEGV:
  case SIGBUS:
    if (!isFault) return {"SegmentationFault", "the process was sent a segmentation fault"};
    if (address != 0 && address + 65536 > stack && address < stack + 65536)
      return {"StackOverflow", "the stack has no room left: a recursion without an end, or an array that is too large"};
    if (address < 4096) return {"SegmentationFault", std::string("a null pointer was followed (address ") + text + ")"};
    return {"SegmentationFault", std::string("memory was used that is not the program's (address ") + text + ")"};
  case SIGFPE:
    return {"ArithmeticError", info.si_code == FPE_INTDIV ? "an integer was divided by zero" : "an arithmetic operation failed"};
  case SIGILL:
  case SIGTRAP:
    return {"IllegalInstruction", "the code came to a place that it must not reach (a function that ends without its return?)"};
  default:
    return {"Abort", "abort() was called"};
  }
}

uintptr_t placeOf(const ucontext_t &context) {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
#else
  return static_cast<uintptr_t>(context.uc_mcontext.pc);
#endif
}

uintptr_t stackOf(const ucontext_t &context) {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
#else
  return static_cast<uintptr_t>(context.uc_mcontext.sp);
#endif
}

} // namespace kernelbox
