#include "compiler.h"
#include "consumers.h"
#include "jit.h"
#include <clang/AST/Attr.h>
#include <clang/AST/DeclContextInternals.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/Mangle.h>
#include <clang/AST/Stmt.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Frontend/TextDiagnostic.h>
#include <clang/Interpreter/PartialTranslationUnit.h>
#include <clang/Lex/Lexer.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <clang/Sema/Lookup.h>
#include <clang/Sema/Scope.h>
#include <clang/Sema/Sema.h>
#include <filesystem>
#include <regex>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>

using namespace clang;

namespace kernelbox {

namespace {

/// The headers of this program lie beside it.
std::string includeDirectory() {
  auto path = std::filesystem::canonical("/proc/self/exe").parent_path();
  for (auto directory : {path / "include", path.parent_path() / "runner" / "include"})
    if (std::filesystem::exists(directory / "kernelbox.h")) return directory;
  return path;
}

std::vector<const char *> arguments(bool isC) {
  std::vector<const char *> list{"-fPIC", "-gline-tables-only", "-fno-color-diagnostics", "-ferror-limit=50", "-Wno-unused-value",
                                 "-Wno-unused-result", "-Wno-pragma-once-outside-header",
                                 // What is usual in cells: `assert` at the top level, a macro that is defined again.
                                 "-Wno-predefined-identifier-outside-function", "-Wno-macro-redefined", "-Werror=invalid-pp-token",
                                 "-resource-dir=" KERNELBOX_RESOURCES};
  static const std::string own = "-isystem" + includeDirectory();
  list.push_back(own.c_str());
  if (isC)
    for (const char *argument : {"-xc", "-std=gnu23"}) list.push_back(argument);
  else
    for (const char *argument : {"-xc++", "-std=gnu++23", "-fcoroutines"}) list.push_back(argument);
  return list;
}

bool isFileLevel(const NamedDecl *declaration) { return declaration->getDeclContext()->getRedeclContext()->isFileContext(); }

/// Of a template, what it is a template of.
NamedDecl *patternOf(NamedDecl *declaration) {
  if (auto *pattern = dyn_cast<TemplateDecl>(declaration))
    if (auto *templated = pattern->getTemplatedDecl()) return templated;
  return declaration;
}

/// Whether a parameter of a function or a template stands there: the same default value twice is a complaint about that.
bool hasParameterAt(const SourceManager &sources, NamedDecl *declaration, SourceLocation location) {
  auto isThere = [&](const NamedDecl *parameter) {
    auto range = sources.getExpansionRange(parameter->getSourceRange());
    return sources.getFileID(range.getBegin()) == sources.getFileID(location) && !sources.isBeforeInTranslationUnit(location, range.getBegin()) &&
           !sources.isBeforeInTranslationUnit(range.getEnd(), location);
  };
  if (auto *pattern = dyn_cast<TemplateDecl>(declaration); pattern && pattern->getTemplateParameters())
    if (llvm::any_of(*pattern->getTemplateParameters(), isThere)) return true;
  auto *function = dyn_cast<FunctionDecl>(patternOf(declaration));
  return function && llvm::any_of(function->parameters(), isThere);
}

/// Whether it is in the code of a cell, and not in a file.
bool isOfCell(const SourceManager &sources, SourceLocation place) {
  auto buffer = sources.getBufferOrNone(sources.getFileID(place));
  return buffer && buffer->getBufferIdentifier().starts_with("input_line_");
}

} // namespace

/// Lines of cells as the user has written them: what shows values is taken out.
static void withoutAdditions(std::string &text) {
  static const std::regex descriptions(R"( template<[^\n]*? struct kb::detail::(fields|enumerators)<[^\n]*? \} \};)");
  static const std::regex results(R"(::kb::detail::result\(\(([^\n]*)\)\);|\{ __auto_type __kb_value = \(([^\n]*)\); __kb_show\(&__kb_value\); \})");
  static const std::regex functions(R"(static void __kb_statement_\w+\(\) \{ | \} __kb_statement_\w+\(\);)");
  if (text.find("kb::detail") == std::string::npos && text.find("__kb_") == std::string::npos) return;
  text = std::regex_replace(text, descriptions, "");
  text = std::regex_replace(text, functions, "");
  text = std::regex_replace(text, results, "$1$2");
}

class Compiler::Collector : public DiagnosticConsumer {
public:
  explicit Collector(Compiler &compiler) : compiler(compiler) {}
  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &info) override {
    DiagnosticConsumer::HandleDiagnostic(level, info);
    llvm::SmallString<256> message;
    info.FormatDiagnostic(message);
    if (level == DiagnosticsEngine::Note) {
      if (compiler.found.empty()) return;
      auto &problem = compiler.found.back();
      problem.notes.push_back({message.str().str(), info.getLocation()});
      print(level, info, message, problem.text);
      return;
    }
    if (level < DiagnosticsEngine::Warning) return;
    Problem problem;
    problem.id = info.getID();
    problem.isError = level >= DiagnosticsEngine::Error;
    problem.message = message.str();
    problem.location = info.getLocation();
    if (info.hasSourceManager() && problem.location.isValid()) {
      auto &sources = info.getSourceManager();
      // Within a macro or a header, what counts is the place in the cell that has led there.
      auto place = sources.getExpansionLoc(problem.location);
      while (!isOfCell(sources, place) && sources.getIncludeLoc(sources.getFileID(place)).isValid())
        place = sources.getExpansionLoc(sources.getIncludeLoc(sources.getFileID(place)));
      auto presumed = sources.getPresumedLoc(place);
      if (presumed.isValid()) {
        problem.file = presumed.getFilename();
        problem.line = presumed.getLine();
      }
      auto &options = compiler.engine ? compiler.context().getLangOpts() : LangOptions();
      problem.name = Lexer::getSourceText(CharSourceRange::getTokenRange(problem.location), sources, options).str();
    }
    print(level, info, message, problem.text);
    compiler.found.push_back(std::move(problem));
  }

private:
  void print(DiagnosticsEngine::Level level, const Diagnostic &info, StringRef message, std::string &text) {
    llvm::raw_string_ostream stream(text);
    if (!compiler.engine || !info.hasSourceManager()) {
      stream << message << "\n";
      return;
    }
    auto options = llvm::makeIntrusiveRefCnt<DiagnosticOptions>();
    options->ShowPresumedLoc = 1;
    TextDiagnostic printer(stream, compiler.context().getLangOpts(), options.get());
    printer.emitDiagnostic(FullSourceLoc(info.getLocation(), info.getSourceManager()), level, message, info.getRanges(),
                           info.getFixItHints());
    withoutAdditions(text);
    // That cells are included by something is nothing to the user.
    for (size_t at; (at = text.find("In file included from <<< inputs >>>")) != std::string::npos;)
      text.erase(at, text.find('\n', at) + 1 - at);
  }
  Compiler &compiler;
};

bool Compiler::precompile(bool isC, const std::string &header, const std::string &output) {
  IncrementalCompilerBuilder builder;
  builder.SetCompilerArgs(arguments(isC));
  auto instance = llvm::cantFail(builder.CreateCpp());
  auto &options = instance->getFrontendOpts();
  options.Inputs.clear();
  options.Inputs.push_back(FrontendInputFile(header, InputKind(isC ? Language::C : Language::CXX).getHeader()));
  options.OutputFile = output;
  options.ProgramAction = frontend::GeneratePCH;
  instance->getPreprocessorOpts().clearRemappedFiles();
  GeneratePCHAction action;
  return instance->ExecuteAction(action) && !instance->getDiagnostics().hasErrorOccurred();
}

Compiler::Compiler(bool isC, const std::string &precompiled) : isC(isC) {
  auto list = arguments(isC);
  if (!precompiled.empty()) {
    list.push_back("-include-pch");
    list.push_back(precompiled.c_str());
  }
  IncrementalCompilerBuilder builder;
  builder.SetCompilerArgs(list);
  auto instance = llvm::cantFail(builder.CreateCpp());
  instance->getDiagnostics().setClient(new Collector(*this), true);
  engine = llvm::cantFail(Interpreter::create(std::move(instance)));
  // clang 19 asks where a statement at the top level is while it reads it, for a warning of something deprecated.
  engine->getCompilerInstance()->getPreprocessor().setTokenWatcher([this](const Token &token) {
    auto *top = dyn_cast_or_null<TopLevelStmtDecl>(sema().CurContext);
    if (top && !top->getStmt()) top->setStmt(new (context()) NullStmt(token.getLocation()));
  });
  connectConsumers(this, *engine->getCompilerInstance());
}

Compiler::~Compiler() { disconnectConsumers(); }

Sema &Compiler::sema() const { return engine->getCompilerInstance()->getSema(); }
ASTContext &Compiler::context() const { return engine->getCompilerInstance()->getASTContext(); }

PartialTranslationUnit *Compiler::parse(const std::string &code, const std::string &name, bool trial) {
  isTrial = trial;
  found.clear();
  seen.clear();
  tagged.clear();
  // Definitions at one and the same place of two cells would be taken for a header that is included twice.
  std::string text = "#line 1 \"" + name + "\"" + std::string(++parses % 509, ' ') + "\n";
  prefix = text.size();
  text += code;
  // The end of the last statement may be left out.
  text += "\n;\n";
  // What reading precompiled headers has complained of belongs to no cell.
  engine->getCompilerInstance()->getDiagnostics().Reset(true);
  auto &sources = engine->getCompilerInstance()->getSourceManager();
  firstLocation = sources.getNextLocalOffset();
  auto unit = engine->Parse(text);
  if (unit) return &*unit;
  llvm::consumeError(unit.takeError());
  if (found.empty()) found.push_back({0, true, "the code cannot be parsed", "the code cannot be parsed", name, 0, {}, "", {}});
  return nullptr;
}

long Compiler::offsetOf(SourceLocation location) const {
  auto &sources = engine->getCompilerInstance()->getSourceManager();
  location = sources.getExpansionLoc(location);
  // Locations are numbered in the order of the parses.
  if (location.isInvalid() || location.getRawEncoding() < firstLocation || !isOfCell(sources, location)) return -1;
  return static_cast<long>(sources.getFileOffset(location)) - static_cast<long>(prefix);
}

long Compiler::endOffsetOf(SourceLocation location) const {
  auto &sources = engine->getCompilerInstance()->getSourceManager();
  if (location.isMacroID()) location = sources.getExpansionRange(location).getEnd();
  long offset = offsetOf(location);
  return offset < 0 ? -1 : offset + Lexer::MeasureTokenLength(location, sources, context().getLangOpts());
}

void Compiler::observe(Decl *declaration) {
  // Not what comes from headers that were compiled before, nor what templates are made into.
  if (declaration->isFromASTFile() || declaration->getLocation().getRawEncoding() < firstLocation) return;
  if (auto *function = dyn_cast<FunctionDecl>(declaration); function && function->isTemplateInstantiation()) return;
  if (auto *variable = dyn_cast<VarDecl>(declaration); variable && variable->getTemplateSpecializationKind() != TSK_Undeclared) return;
  seen.push_back(declaration);
  if (auto *named = dyn_cast<NamedDecl>(declaration)) tag(named);
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(declaration))
    for (auto *member : cast<DeclContext>(declaration)->decls())
      if (auto *named = dyn_cast<NamedDecl>(member)) tag(named);
}

/// A name that is defined again has another symbol.
void Compiler::tag(NamedDecl *declaration) {
  if (!isFileLevel(declaration) || !declaration->getIdentifier()) return;
  auto version = versions.find(declaration->getQualifiedNameAsString());
  if (version == versions.end()) return;
  auto *pattern = patternOf(declaration);
  if (!isa<VarDecl, FunctionDecl, TagDecl>(pattern) || pattern != pattern->getCanonicalDecl()) return;
  if (pattern->hasAttr<AbiTagAttr>() || pattern->hasAttr<AsmLabelAttr>()) return;
  auto *function = dyn_cast<FunctionDecl>(pattern);
  auto *variable = dyn_cast<VarDecl>(pattern);
  std::string suffix = "kb" + std::to_string(version->second);
  bool isPlain = isC || (function && (function->isExternC() || function->isMain())) || (variable && variable->isExternC());
  if (isPlain) {
    // What is only declared is somebody else's.
    if (isa<TagDecl>(pattern) || (variable && variable->hasExternalStorage())) return;
    if (function && !function->doesThisDeclarationHaveABody()) return;
    pattern->addAttr(AsmLabelAttr::CreateImplicit(context(), pattern->getName().str() + "." + suffix, true));
  } else {
    StringRef tags[] = {suffix};
    pattern->addAttr(AbiTagAttr::CreateImplicit(context(), tags, 1));
  }
  tagged.push_back(pattern);
}

std::string Compiler::symbolOf(const NamedDecl *declaration) const {
  ASTNameGenerator names(context());
  return names.getName(declaration);
}

void Compiler::keepDefinitions() {
  for (auto *declaration : seen) keep(declaration);
}

void Compiler::keep(Decl *declaration) {
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(declaration))
    for (auto *member : cast<DeclContext>(declaration)->decls()) keep(member);
  else if (auto *named = dyn_cast<NamedDecl>(declaration))
    kept.push_back(named);
}

std::vector<NamedDecl *> Compiler::definitions() const {
  std::vector<NamedDecl *> result;
  for (auto *declaration : kept)
    if (!gone.count(declaration)) result.push_back(declaration);
  return result;
}

/// All that a name stands for at file level.
std::vector<NamedDecl *> Compiler::declarationsOf(const std::string &name, bool isTag) const {
  auto &identifier = context().Idents.get(name);
  // Otherwise looking for it would declare it again.
  identifier.clearBuiltinID();
  std::vector<NamedDecl *> declarations;
  if (isC) {
    for (auto position = sema().IdResolver.begin(&identifier); position != sema().IdResolver.end(); ++position)
      if (isa<TagDecl>(*position) == isTag) declarations.push_back(*position);
  } else {
    LookupResult result(sema(), &identifier, SourceLocation(), isTag ? Sema::LookupTagName : Sema::LookupOrdinaryName);
    result.suppressDiagnostics();
    sema().LookupQualifiedName(result, context().getTranslationUnitDecl());
    declarations.assign(result.begin(), result.end());
    // The names with C's linkage are in a list of their own.
    auto known = context().getExternCContextDecl()->lookup(&identifier);
    if (!isTag) llvm::copy_if(known, std::back_inserter(declarations), [&](auto *one) { return !llvm::is_contained(declarations, one); });
  }
  llvm::erase_if(declarations, [](auto *declaration) { return !isFileLevel(declaration); });
  return declarations;
}

bool Compiler::hide(SourceLocation location, const std::string &name) {
  auto &sources = engine->getCompilerInstance()->getSourceManager();
  location = sources.getExpansionLoc(location);
  bool hasHidden = false;
  for (auto *declaration : definitions()) {
    auto range = sources.getExpansionRange(declaration->getSourceRange());
    bool isHere = sources.getExpansionLoc(declaration->getLocation()) == location ||
                  (sources.getFileID(range.getBegin()) == sources.getFileID(location) &&
                   !sources.isBeforeInTranslationUnit(location, range.getBegin()) &&
                   !sources.isBeforeInTranslationUnit(range.getEnd(), location) && declaration->getIdentifier() &&
                   (declaration->getName() == name || isa<EnumDecl>(declaration))) ||
                  hasParameterAt(sources, declaration, location);
    if (!isHere || !isFileLevel(declaration)) continue;
    hasHidden |= hideDeclaration(declaration);
  }
  if (hasHidden || name.empty()) return hasHidden;
  // A name of a library: what cells define is theirs.
  if (isOfCell(sources, location)) return false;
  for (bool isTag : {false, true}) {
    for (auto *declaration : declarationsOf(name, isTag)) hasHidden |= hideDeclaration(declaration);
    // `struct stat` may stay beside a variable `stat`.
    if (hasHidden) break;
  }
  return hasHidden;
}

bool Compiler::hideDeclaration(NamedDecl *declaration) {
  auto *pattern = patternOf(declaration);
  std::vector<NamedDecl *> all{declaration};
  for (auto *other : declaration->redecls())
    if (auto *named = dyn_cast<NamedDecl>(other); named && named != declaration) all.push_back(named);
  if (auto *enumeration = dyn_cast<EnumDecl>(pattern))
    for (auto *constant : enumeration->enumerators()) all.push_back(constant);
  bool hasHidden = false;
  for (auto *one : all) {
    if (gone.count(one)) continue;
    Hidden entry{one, {}, false, false};
    std::vector<DeclContext *> contexts;
    for (DeclContext *from = one->getDeclContext(); from; from = from->getParent()) {
      contexts.push_back(from->getPrimaryContext());
      if (!from->isTransparentContext() && !from->isInlineNamespace()) break;
    }
    if (!isC) contexts.push_back(context().getExternCContextDecl());
    for (auto *primary : contexts) {
      if (auto *map = primary->getLookupPtr()) {
        auto position = map->find(one->getDeclName());
        if (position != map->end()) {
          auto found = position->second.getLookupResult();
          if (llvm::is_contained(std::vector<NamedDecl *>(found.begin(), found.end()), one)) {
            // An empty entry stays: without one, the name would be read from the precompiled headers again.
            position->second.remove(one);
            entry.from.push_back(primary);
          }
        }
      }
    }
    auto &identifiers = sema().IdResolver;
    for (auto position = identifiers.begin(one->getDeclName()); position != identifiers.end(); ++position)
      if (*position == one) {
        entry.wasInScope = true;
        break;
      }
    if (entry.wasInScope) identifiers.RemoveDecl(one);
    if (auto *scope = sema().TUScope; scope && scope->isDeclScope(one)) scope->RemoveDecl(one);
    gone.insert(one);
    hidden.push_back(entry);
    hasHidden = true;
  }
  if (hasHidden && declaration->getIdentifier()) {
    auto name = declaration->getQualifiedNameAsString();
    ++versions[name];
    older[name].push_back(patternOf(declaration));
  }
  return hasHidden;
}

void Compiler::unhide() {
  for (auto &entry : llvm::reverse(hidden)) {
    for (auto *from : entry.from)
      if (auto *map = from->getLookupPtr()) {
        auto &list = (*map)[entry.declaration->getDeclName()];
        if (!llvm::is_contained(list.getLookupResult(), entry.declaration)) list.addOrReplaceDecl(entry.declaration);
      }
    if (entry.wasInScope) sema().IdResolver.AddDecl(entry.declaration);
    gone.erase(entry.declaration);
  }
  hidden.clear();
}

void Compiler::tellReplacements(Jit &jit) {
  redirected.clear();
  for (auto *newer : tagged) replaces(newer);
  for (auto *newer : tagged)
    if (auto place = places.find(newer); place != places.end()) jit.share(symbolOf(newer), place->second);
}

void Compiler::replaces(NamedDecl *newer) {
  auto &candidates = older[newer->getQualifiedNameAsString()];
  for (auto *candidate : llvm::reverse(candidates)) {
    if (auto *variable = dyn_cast<VarDecl>(newer)) {
      auto *before = dyn_cast<VarDecl>(candidate);
      if (!before) continue;
      auto type = variable->getType();
      bool isSame = context().hasSameType(type, before->getType()) && !type.isConstQualified() && !type->isReferenceType() &&
                    !variable->getTLSKind() && !before->getTLSKind() && variable->hasGlobalStorage();
      if (auto place = places.find(before); isSame) places[newer] = place == places.end() ? symbolOf(before) : place->second;
      return;
    }
    auto *function = dyn_cast<FunctionDecl>(newer);
    auto *before = dyn_cast<FunctionDecl>(candidate);
    if (!function || !before || function->isTemplated() || before->isTemplated()) continue;
    if (!context().hasSameType(function->getType(), before->getType())) continue;
    redirected.emplace_back(symbolOf(before), symbolOf(newer));
    return;
  }
}

void Compiler::redirectFunctions(Jit &jit) {
  for (auto &[before, after] : redirected)
    if (jit.isDefined(before) && jit.isDefined(after)) jit.redirect(jit.find(before), jit.find(after));
}

} // namespace kernelbox
