// Fortran as punched cards had it: columns have meanings.
#pragma once
#include <string>

namespace kernelbox {

/// The same code in free form, line by line, if it is in fixed form; all other code as it is.
std::string inFreeForm(const std::string &code);

} // namespace kernelbox
