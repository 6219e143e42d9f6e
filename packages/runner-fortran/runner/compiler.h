// gfortran, module by module.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace kernelbox {

/// Something that the compiler has to say.
struct Problem {
  bool isError = false;
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  std::string message;
};

struct CompileOptions {
  /// Worth the time of the optimiser.
  bool isOptimised = false;
  bool hasOpenMp = false;
};

struct Compiled {
  /// A shared object; empty: it has errors.
  std::string file;
  std::vector<Problem> problems;
};

class Compiler {
public:
  /// `directory`: for files of its own.
  explicit Compiler(std::string directory);

  /// `14.2.0`; empty: there is no gfortran that works.
  const std::string &version() const { return gfortran; }

  /// `cell`: what the source is called, which some debuggers say for all that is in it.
  Compiled compile(const std::string &source, const std::string &name, const std::string &cell, const CompileOptions &options) const;

  /// The code after its `#define`, `#if` and `#include`, with each line where it was. `problems`: what is wrong with these.
  std::string preprocess(const std::string &code, const std::string &name, std::vector<Problem> &problems) const;

  /// Only what is wrong.
  std::vector<Problem> check(const std::string &source, const CompileOptions &options) const;

  /// Goes on in another directory, with all that later cells need of this one.
  void moveTo(const std::string &other);

  std::string directory;

private:
  std::vector<std::string> frontEnd(const std::string &file, const CompileOptions &options) const;
  std::string gfortran;
  std::string program;
  std::string intrinsics;
  std::string support;
  std::string own;
};

/// A module of a cell in this process.
class Library {
public:
  /// Gives the reason where it cannot be loaded; empty: it is.
  static std::string load(const std::string &file, void *&handle);
  static void (*procedure(void *handle, const std::string &name))();
};

} // namespace kernelbox
