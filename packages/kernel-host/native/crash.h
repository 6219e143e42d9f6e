#pragma once
#include <csignal>
#include <cstdint>
#include <string>
#include <ucontext.h>

namespace kernelbox {

/// What ended a process, in a user's words.
struct Crash {
  const char *name;
  std::string message;
};

/// Reads a signal that ends a process. `stack` is where the stack was: an address near it means that it has no room left.
Crash crashOf(int number, const siginfo_t &info, uintptr_t stack);

/// The instruction, and the top of the stack, that a signal came at.
uintptr_t placeOf(const ucontext_t &context);
uintptr_t stackOf(const ucontext_t &context);

} // namespace kernelbox
