// Whole programs: files that are compiled together.
#pragma once
#include <string>
#include <vector>

namespace kernelbox {

/// Compiles the files into a program in a directory, each after those whose modules it uses. Gives the compiler's exit code.
int compileProgram(const std::string &directory, const std::vector<std::string> &files);

} // namespace kernelbox
