// What is told of everything that clang parses.
#pragma once

namespace clang {
class CompilerInstance;
}

namespace kernelbox {

class Compiler;

/// From here on the compiler sees what is parsed, and code is made of it only where it is more than tried.
void connectConsumers(Compiler *compiler, clang::CompilerInstance &instance);
void disconnectConsumers();

} // namespace kernelbox
