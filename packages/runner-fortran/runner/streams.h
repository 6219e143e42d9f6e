// Standard input, output and error of cells. The Fortran library's calls of the system go through here.
#pragma once
#include <string>

namespace kernelbox {

/// Writes what units hold back.
void flushStreams();

/// What one cell has left in stdin, or has seen of its end, is not for the next one.
void forgetInput();

/// What the library has printed of an error that ends the program; it is not shown.
std::string takeErrorText();
/// The same, where it was no such error after all.
void releaseErrorText();

/// Ends the statements that read or write, from the innermost one: they will not be gone on with.
void abandonStatements();

/// The library may end the program again.
void forgetRecursion();

} // namespace kernelbox
