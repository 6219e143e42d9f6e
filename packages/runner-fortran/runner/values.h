// Values of Fortran, as text, JSON and tables.
#pragma once
#include <string>
#include <vector>

namespace kernelbox {

/// The formats of a result: MIME types and content, in turn.
using Bundle = std::vector<std::string>;

/// What is shown from now on is collected instead of sent; `takeValue` gives it.
void collectValues(bool isCollecting);
Bundle takeValue();

/// How many elements the value has; -1: it is no array.
long sizeOfValue();

} // namespace kernelbox
