#include "consumers.h"
#include "compiler.h"
#include <clang/AST/ASTContext.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendPluginRegistry.h>
#include <clang/Frontend/MultiplexConsumer.h>
#include <clang/Sema/Sema.h>
#include <clang/Sema/SemaConsumer.h>

using namespace clang;

namespace kernelbox {
namespace {

Compiler *current = nullptr;

/// Sees what is parsed before code is made of it.
class Observer : public ASTConsumer {
public:
  bool HandleTopLevelDecl(DeclGroupRef group) override {
    if (current)
      for (Decl *declaration : group) current->observe(declaration);
    return true;
  }
  void HandleTagDeclDefinition(TagDecl *declaration) override {
    if (current) current->tag(declaration);
  }
};

/// What is read from precompiled headers, when it is needed, becomes code like what is parsed. The consumer that compiles
/// would pass it over after the first cell.
class Feeder : public ASTConsumer {
public:
  explicit Feeder(ASTConsumer &consumer) : consumer(consumer) {}
  void HandleInterestingDecl(DeclGroupRef group) override { consumer.HandleTopLevelDecl(group); }

private:
  ASTConsumer &consumer;
};

/// Where a consumer keeps those that it feeds: clang lets nobody in.
template <auto Member> struct Opened {
  friend std::vector<std::unique_ptr<ASTConsumer>> &consumersOf(MultiplexConsumer &consumer) { return consumer.*Member; }
};
std::vector<std::unique_ptr<ASTConsumer>> &consumersOf(MultiplexConsumer &consumer);
template struct Opened<&MultiplexConsumer::Consumers>;

/// Keeps what is only tried from the side that makes code. That would make code of some templates while they are parsed,
/// and it has no names for lambdas in statements at the top level.
class Gate : public SemaConsumer {
public:
  explicit Gate(std::unique_ptr<ASTConsumer> behind) : behind(std::move(behind)) {}
  void Initialize(ASTContext &context) override { behind->Initialize(context); }
  void InitializeSema(Sema &sema) override {
    if (auto *consumer = dyn_cast<SemaConsumer>(behind.get())) consumer->InitializeSema(sema);
  }
  void ForgetSema() override {
    if (auto *consumer = dyn_cast<SemaConsumer>(behind.get())) consumer->ForgetSema();
  }
  bool HandleTopLevelDecl(DeclGroupRef group) override { return isShut() || behind->HandleTopLevelDecl(group); }
  void HandleInlineFunctionDefinition(FunctionDecl *function) override { pass(&ASTConsumer::HandleInlineFunctionDefinition, function); }
  void HandleInterestingDecl(DeclGroupRef group) override { pass(&ASTConsumer::HandleInterestingDecl, group); }
  void HandleTranslationUnit(ASTContext &context) override {
    if (!isShut()) behind->HandleTranslationUnit(context);
  }
  void HandleTagDeclDefinition(TagDecl *declaration) override { pass(&ASTConsumer::HandleTagDeclDefinition, declaration); }
  void HandleTagDeclRequiredDefinition(const TagDecl *declaration) override { pass(&ASTConsumer::HandleTagDeclRequiredDefinition, declaration); }
  void HandleCXXImplicitFunctionInstantiation(FunctionDecl *function) override { pass(&ASTConsumer::HandleCXXImplicitFunctionInstantiation, function); }
  void CompleteTentativeDefinition(VarDecl *variable) override { pass(&ASTConsumer::CompleteTentativeDefinition, variable); }
  void CompleteExternalDeclaration(DeclaratorDecl *declaration) override { pass(&ASTConsumer::CompleteExternalDeclaration, declaration); }
  void AssignInheritanceModel(CXXRecordDecl *record) override { pass(&ASTConsumer::AssignInheritanceModel, record); }
  void HandleCXXStaticMemberVarInstantiation(VarDecl *variable) override { pass(&ASTConsumer::HandleCXXStaticMemberVarInstantiation, variable); }
  void HandleVTable(CXXRecordDecl *record) override { pass(&ASTConsumer::HandleVTable, record); }
  bool shouldSkipFunctionBody(Decl *declaration) override { return behind->shouldSkipFunctionBody(declaration); }

private:
  static bool isShut() { return current && current->isTried(); }
  template <class Argument> void pass(void (ASTConsumer::*handle)(Argument), Argument argument) {
    if (!isShut()) (behind.get()->*handle)(argument);
  }
  std::unique_ptr<ASTConsumer> behind;
};

class ObserverAction : public PluginASTAction {
protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &, StringRef) override { return std::make_unique<Observer>(); }
  bool ParseArgs(const CompilerInstance &, const std::vector<std::string> &) override { return true; }
  ActionType getActionType() override { return AddBeforeMainAction; }
};

FrontendPluginRegistry::Add<ObserverAction> registration("kernelbox", "sees what cells define");

} // namespace

void connectConsumers(Compiler *compiler, CompilerInstance &instance) {
  // The one that makes code comes last.
  auto &consumers = consumersOf(static_cast<MultiplexConsumer &>(instance.getSema().getASTConsumer()));
  consumers.back() = std::make_unique<Gate>(std::move(consumers.back()));
  static Feeder feeder(instance.getASTConsumer());
  if (auto *source = instance.getASTContext().getExternalSource()) source->StartTranslationUnit(&feeder);
  current = compiler;
}

void disconnectConsumers() { current = nullptr; }

} // namespace kernelbox
