#include "jit.h"
#include "errors.h"
#include <cstring>
#include <llvm/DebugInfo/DWARF/DWARFContext.h>
#include <llvm/ExecutionEngine/JITLink/EHFrameSupport.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace llvm;
using namespace llvm::orc;

namespace kernelbox {

/// One object file, and where its functions have come to lie.
struct Jit::Image {
  struct Function {
    std::string name;
    uintptr_t start;
    uintptr_t end;
  };
  std::unique_ptr<MemoryBuffer> buffer;
  std::vector<Function> functions;
  // Read when somebody asks for a line.
  std::unique_ptr<object::ObjectFile> object;
  std::unique_ptr<DWARFContext> lines;
  std::map<std::string, object::SectionedAddress> addresses;

  void read() {
    if (lines) return;
    auto file = object::ObjectFile::createELFObjectFile(buffer->getMemBufferRef());
    if (!file) return consumeError(file.takeError());
    object = std::move(*file);
    for (const auto &symbol : object->symbols()) {
      auto name = symbol.getName();
      auto value = symbol.getValue();
      auto section = symbol.getSection();
      if (name && value && section && *section != object->section_end())
        addresses[name->str()] = {*value, (*section)->getIndex()};
      else
        consumeAll(name, value, section);
    }
    lines = DWARFContext::create(*object);
  }

private:
  template <class... Results> static void consumeAll(Results &...results) {
    (consumeError(results.takeError()), ...);
  }
};

/// Writes down where the linker puts functions.
class Jit::Recorder : public ObjectLinkingLayer::Plugin {
public:
  explicit Recorder(Jit &jit) : jit(jit) {}
  void modifyPassConfig(MaterializationResponsibility &, jitlink::LinkGraph &, jitlink::PassConfiguration &config) override {
    // Before the linker forgets the names that nobody asks for.
    config.PrePrunePasses.push_back([this](jitlink::LinkGraph &graph) {
      named.clear();
      for (auto *symbol : graph.defined_symbols())
        if (symbol->hasName() && symbol->isCallable() && symbol->getSize() != 0)
          named.push_back({symbol->getName().str(), &symbol->getBlock(), symbol->getOffset(), symbol->getSize()});
      return Error::success();
    });
    config.PostAllocationPasses.push_back([this](jitlink::LinkGraph &graph) {
      if (jit.images.empty()) return Error::success();
      std::set<const jitlink::Block *> blocks(graph.blocks().begin(), graph.blocks().end());
      auto &functions = jit.images.back()->functions;
      for (auto &[name, block, offset, size] : named) {
        if (!blocks.count(block)) continue;
        uintptr_t start = block->getAddress().getValue() + offset;
        functions.push_back({name, start, start + size});
      }
      return Error::success();
    });
  }
  Error notifyFailed(MaterializationResponsibility &) override { return Error::success(); }
  Error notifyRemovingResources(JITDylib &, ResourceKey) override { return Error::success(); }
  void notifyTransferringResources(JITDylib &, ResourceKey, ResourceKey) override {}

private:
  struct Named {
    std::string name;
    const jitlink::Block *block;
    uint64_t offset;
    uint64_t size;
  };
  std::vector<Named> named;
  Jit &jit;
};

Jit::Jit() {
  auto builder = cantFail(JITTargetMachineBuilder::detectHost());
  builder.setRelocationModel(Reloc::PIC_);
  builder.setCodeModel(CodeModel::Small);
  // Thread-local variables need no linker for this.
  builder.getOptions().EmulatedTLS = true;
  builder.setCodeGenOptLevel(CodeGenOptLevel::None);
  target = cantFail(builder.createTargetMachine());
  engine = cantFail(
      LLJITBuilder()
          .setJITTargetMachineBuilder(std::move(builder))
          .setPlatformSetUp(setUpInactivePlatform)
          .setObjectLinkingLayerCreator([this](ExecutionSession &session, const Triple &) -> Expected<std::unique_ptr<ObjectLayer>> {
            auto layer = std::make_unique<ObjectLinkingLayer>(session);
            layer->addPlugin(std::make_unique<EHFrameRegistrationPlugin>(
                session, std::make_unique<jitlink::InProcessEHFrameRegistrar>()));
            layer->addPlugin(std::make_unique<Recorder>(*this));
            return layer;
          })
          .create());
  engine->getExecutionSession().setErrorReporter([](Error error) { noteLinkError(toString(std::move(error))); });
}

Jit::~Jit() = default;

void Jit::define(const std::string &name, void *address) {
  SymbolMap symbols;
  symbols[engine->mangleAndIntern(name)] = {ExecutorAddr::fromPtr(address), JITSymbolFlags::Exported};
  cantFail(engine->getMainJITDylib().define(absoluteSymbols(std::move(symbols))));
}

void *Jit::find(const std::string &symbol) {
  auto address = engine->lookup(symbol);
  if (address) return address->toPtr<void *>();
  consumeError(address.takeError());
  return nullptr;
}

void Jit::share(const std::string &newer, const std::string &older) { shared.emplace_back(newer, older); }

namespace {

/// What the code of a later module may use by its name: neither constants of one function nor what only starts up.
bool isReachableLater(const GlobalValue &value) {
  StringRef name = value.getName();
  if (!value.hasInternalLinkage() || name.contains('.') || name.starts_with("_ZZ") || name.starts_with("_ZGVZ")) return false;
  return !name.starts_with("_GLOBAL__") && !name.starts_with("__cxx_global") && !name.starts_with("__stmts__") && name != "__dso_handle";
}

void makeDeclaration(GlobalValue &value) {
  if (auto *function = dyn_cast<Function>(&value)) {
    function->deleteBody();
  } else if (auto *variable = dyn_cast<GlobalVariable>(&value)) {
    variable->setInitializer(nullptr);
  }
  value.setLinkage(GlobalValue::ExternalLinkage);
  value.setDSOLocal(false);
  if (auto *object = dyn_cast<GlobalObject>(&value)) object->setComdat(nullptr);
}

/// Takes the functions that set a module up out of the list that a loader would run.
std::vector<std::string> takeInitializers(Module &module) {
  static unsigned modules = 0;
  ++modules;
  std::vector<std::pair<uint64_t, Function *>> found;
  if (auto *list = module.getGlobalVariable("llvm.global_ctors")) {
    if (auto *entries = dyn_cast<ConstantArray>(list->getInitializer()))
      for (auto &entry : entries->operands()) {
        auto *fields = cast<ConstantStruct>(entry);
        auto *function = dyn_cast<Function>(fields->getOperand(1)->stripPointerCasts());
        if (function) found.emplace_back(cast<ConstantInt>(fields->getOperand(0))->getZExtValue(), function);
      }
    list->eraseFromParent();
  }
  if (auto *list = module.getGlobalVariable("llvm.global_dtors")) list->eraseFromParent();
  llvm::stable_sort(found, [](auto &left, auto &right) { return left.first < right.first; });
  std::vector<std::string> names;
  for (auto &[priority, function] : found) {
    std::string name = "__kb_start_" + std::to_string(modules) + "_" + std::to_string(names.size());
    function->setName(name);
    function->setLinkage(GlobalValue::ExternalLinkage);
    function->setComdat(nullptr);
    names.push_back(name);
  }
  return names;
}

/// The variable's old place gets what the compiler has put into the new one.
void shareVariable(Module &module, const std::string &newer, const std::string &older, void *place) {
  auto *variable = module.getGlobalVariable(newer, true);
  if (!variable || !variable->hasInitializer() || !place) return;
  auto size = module.getDataLayout().getTypeAllocSize(variable->getValueType());
  std::string contents(size, '\0');
  auto *other = new GlobalVariable(module, variable->getValueType(), false, GlobalValue::ExternalLinkage, nullptr, older);
  variable->replaceAllUsesWith(other);
  variable->setLinkage(GlobalValue::ExternalLinkage);
}

} // namespace

Expected<std::vector<void (*)()>> Jit::add(std::unique_ptr<Module> module) {
  forgetLinkError();
  module->setDataLayout(target->createDataLayout());
  std::vector<std::pair<std::string, std::string>> copies;
  for (auto &[newer, older] : shared) {
    auto *variable = module->getGlobalVariable(newer, true);
    if (!variable || !variable->hasInitializer()) continue;
    shareVariable(*module, newer, older, find(older));
    copies.emplace_back(newer, older);
  }
  std::map<std::string, uint64_t> sizes;
  for (auto &[newer, older] : copies)
    sizes[newer] = module->getDataLayout().getTypeAllocSize(module->getGlobalVariable(newer, true)->getValueType());
  auto names = takeInitializers(*module);
  // It has to lie near the code.
  if (auto *handle = module->getGlobalVariable("__dso_handle")) {
    handle->setInitializer(ConstantInt::get(handle->getValueType(), 0));
    handle->setLinkage(GlobalValue::InternalLinkage);
    handle->setVisibility(GlobalValue::DefaultVisibility);
  }
  std::vector<std::string> added;
  for (auto &value : module->global_values()) {
    if (value.isDeclaration()) continue;
    std::string name = value.getName().str();
    bool wasInternal = isReachableLater(value);
    if (wasInternal) value.setLinkage(GlobalValue::ExternalLinkage);
    if (value.hasLocalLinkage() || value.hasAvailableExternallyLinkage()) continue;
    // A variable of C that was declared without a value is defined by every module from then on.
    if (isDefined(name) && (wasInternal || value.isWeakForLinker() || isa<GlobalVariable>(value)))
      makeDeclaration(value);
    else
      added.push_back(name);
  }
  // What is wrong with inline assembly shows here.
  std::string complaints;
  auto &context = module->getContext();
  context.setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *info, void *all) {
        if (info->getSeverity() != DS_Error) return;
        raw_string_ostream text(*static_cast<std::string *>(all));
        DiagnosticPrinterRawOStream printer(text);
        info->print(printer);
        text << "\n";
      },
      &complaints);
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  legacy::PassManager passes;
  if (target->addPassesToEmitFile(passes, stream, nullptr, CodeGenFileType::ObjectFile))
    return createStringError("this machine's code cannot be written");
  passes.run(*module);
  context.setDiagnosticHandlerCallBack(nullptr);
  if (!complaints.empty()) return createStringError(complaints);
  auto image = std::make_unique<Image>();
  image->buffer = MemoryBuffer::getMemBufferCopy(StringRef(bytes.data(), bytes.size()), module->getName());
  images.push_back(std::move(image));
  auto tracker = engine->getMainJITDylib().createResourceTracker();
  // What cannot be linked leaves nothing behind.
  auto undo = [&](Error error) {
    images.pop_back();
    return joinErrors(std::move(error), tracker->remove());
  };
  if (auto error = engine->addObjectFile(tracker, std::make_unique<SmallVectorMemoryBuffer>(std::move(bytes), false)))
    return undo(std::move(error));
  // Everything is linked now, so that nothing is missing while the cell runs.
  std::vector<void (*)()> initializers;
  SymbolLookupSet wanted;
  for (auto &name : names) wanted.add(engine->mangleAndIntern(name));
  if (names.empty() && !added.empty()) wanted.add(engine->mangleAndIntern(added.front()));
  if (!wanted.empty()) {
    auto &session = engine->getExecutionSession();
    auto addresses = session.lookup({{&engine->getMainJITDylib(), JITDylibLookupFlags::MatchAllSymbols}}, wanted);
    if (!addresses) return undo(addresses.takeError());
    for (auto &name : names) initializers.push_back((*addresses)[engine->mangleAndIntern(name)].getAddress().toPtr<void (*)()>());
  }
  defined.insert(added.begin(), added.end());
  for (auto &[newer, older] : copies) std::memcpy(find(older), find(newer), sizes[newer]);
  return initializers;
}

void Jit::redirect(void *from, void *to) {
  auto *code = static_cast<unsigned char *>(from);
  size_t page = sysconf(_SC_PAGESIZE);
  uintptr_t start = reinterpret_cast<uintptr_t>(code) & ~(page - 1);
  uintptr_t end = (reinterpret_cast<uintptr_t>(code) + 16 + page - 1) & ~(page - 1);
  if (mprotect(reinterpret_cast<void *>(start), end - start, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) return;
#if defined(__x86_64__)
  const unsigned char jump[] = {0xff, 0x25, 0, 0, 0, 0}; // jmp [rip]
  std::memcpy(code, jump, sizeof jump);
  std::memcpy(code + sizeof jump, &to, sizeof to);
#elif defined(__aarch64__)
  const uint32_t jump[] = {0x58000050, 0xd61f0200}; // ldr x16, 8; br x16
  std::memcpy(code, jump, sizeof jump);
  std::memcpy(code + sizeof jump, &to, sizeof to);
#endif
  mprotect(reinterpret_cast<void *>(start), end - start, PROT_READ | PROT_EXEC);
  __builtin___clear_cache(reinterpret_cast<char *>(code), reinterpret_cast<char *>(code + 16));
}

std::optional<Place> Jit::locate(uintptr_t address) {
  for (auto &image : images)
    for (auto &function : image->functions) {
      if (address < function.start || address >= function.end) continue;
      image->read();
      auto found = image->addresses.find(function.name);
      if (!image->lines || found == image->addresses.end()) return std::nullopt;
      object::SectionedAddress at{found->second.Address + (address - function.start), found->second.SectionIndex};
      DILineInfoSpecifier how{DILineInfoSpecifier::FileLineInfoKind::RawValue, DILineInfoSpecifier::FunctionNameKind::LinkageName};
      auto info = image->lines->getLineInfoForAddress(at, how);
      if (!info) return std::nullopt;
      return Place{function.name, info.FileName, info.Line};
    }
  return std::nullopt;
}

} // namespace kernelbox
