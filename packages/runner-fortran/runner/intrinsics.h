// The names that Fortran itself has.
#pragma once
#include <string>
#include <vector>

namespace kernelbox {

/// Functions, subroutines, intrinsic modules and what cells are offered, each with how it is called.
struct Intrinsic {
  const char *name;
  const char *usage;
};
const std::vector<Intrinsic> &intrinsics();

} // namespace kernelbox
