// Whole programs: files that are compiled, optimised and linked together.
#pragma once
#include <string>
#include <vector>

namespace kernelbox {

/// Compiles files and links them into a program; what is wrong is on stderr. Gives the exit code.
int buildProgram(bool isC, const std::string &output, const std::vector<std::string> &files);

/// One file: what clang's driver calls `-cc1`. This program is its own compiler.
int compileFile(const std::vector<const char *> &arguments);

} // namespace kernelbox
