// Machine code of cells: compiles modules, puts them into this process, and knows which line an address belongs to.
#pragma once
#include <cstdint>
#include <functional>
#include <llvm/IR/Module.h>
#include <llvm/Support/Error.h>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace llvm {
class TargetMachine;
namespace orc {
class LLJIT;
}
} // namespace llvm

namespace kernelbox {

/// Where an address is in the source.
struct Place {
  std::string function;
  std::string file;
  unsigned line = 0;
};

class Jit {
public:
  Jit();
  ~Jit();

  /// A name that cells find here, instead of in the libraries.
  void define(const std::string &name, void *address);

  /// Compiles a module. Gives what sets up its variables and runs its statements, in the order of the source.
  llvm::Expected<std::vector<void (*)()>> add(std::unique_ptr<llvm::Module> module);

  /// The address of something that a cell has defined, or a library; null where there is none.
  void *find(const std::string &symbol);

  /// Lets a variable live at the place of an older one of the same type.
  void share(const std::string &newer, const std::string &older);

  /// Lets callers of an old function reach the new one.
  void redirect(void *from, void *to);

  /// Whether an older module has defined it.
  bool isDefined(const std::string &symbol) const { return defined.count(symbol) != 0; }

  std::optional<Place> locate(uintptr_t address);

private:
  struct Image;
  class Recorder;
  std::vector<void (*)()> link(std::vector<std::string> names, llvm::Error &error);
  std::unique_ptr<llvm::orc::LLJIT> engine;
  std::unique_ptr<llvm::TargetMachine> target;
  std::vector<std::unique_ptr<Image>> images;
  std::set<std::string> defined;
  std::vector<std::pair<std::string, std::string>> shared;
};

} // namespace kernelbox
