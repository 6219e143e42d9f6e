// Values of C, shown by what the compiler knows of their types.
#pragma once
#include <clang/AST/ASTContext.h>
#include <string>
#include <vector>

namespace kernelbox {

/// A value of a type, from memory.
std::string textOfValue(const clang::ASTContext &context, clang::QualType type, const void *value, int depth = 0);

/// The formats of a result: MIME types and content, in turn.
std::vector<std::string> bundleOfValue(const clang::ASTContext &context, clang::QualType type, const void *value);

} // namespace kernelbox
