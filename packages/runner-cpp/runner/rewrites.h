// The changes that make a cell of code.
#pragma once
#include "analysis.h"

namespace kernelbox {

/// C: what is set to something that is not constant is set when its turn comes, by a statement.
std::vector<Edit> repairInitializers(Compiler &compiler, const std::string &code);

/// C++: lets the fields of structs and classes be shown.
std::vector<Edit> describeFields(Compiler &compiler, const std::string &code);

struct Wraps {
  std::vector<Edit> begins;
  std::vector<Edit> ends;
};

/// Puts statements with lambdas, classes and static variables of their own into functions: clang 19 has no names for them elsewhere.
Wraps wrapStatements(Compiler &compiler, const std::string &code);

/// Shows the last expression, if no semicolon stands after it.
std::vector<Edit> showValue(Compiler &compiler, const std::string &code);

} // namespace kernelbox
