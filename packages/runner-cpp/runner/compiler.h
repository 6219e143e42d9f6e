// clang, cell by cell.
#pragma once
#include <clang/Interpreter/Interpreter.h>
#include <clang/AST/Decl.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace kernelbox {

class Jit;

/// Something that the compiler has to say, with the notes that belong to it.
struct Problem {
  unsigned id = 0;
  bool isError = false;
  std::string message;
  /// As compilers print it, with the line of the code.
  std::string text;
  std::string file;
  unsigned line = 0;
  clang::SourceLocation location;
  /// The name in the code there.
  std::string name;
  struct Note {
    std::string message;
    clang::SourceLocation location;
  };
  std::vector<Note> notes;
};

class Compiler {
public:
  /// With the headers that have been compiled before, if there are some.
  Compiler(bool isC, const std::string &precompiled);
  ~Compiler();

  /// Compiles the usual headers into a file; false where that fails.
  static bool precompile(bool isC, const std::string &header, const std::string &output);

  /// Parses a cell. Null: it has errors, which `problems` tells. `isTrial`: no code is made of it.
  clang::PartialTranslationUnit *parse(const std::string &code, const std::string &name, bool isTrial = false);

  const std::vector<Problem> &problems() const { return found; }
  /// What the last parse has seen at the top level, in the order of the source.
  const std::vector<clang::Decl *> &topLevel() const { return seen; }

  size_t parseCount() const { return parses; }

  /// Where in the code of the last parse this is; -1: nowhere.
  long offsetOf(clang::SourceLocation location) const;
  /// The same for the end of the token there.
  long endOffsetOf(clang::SourceLocation location) const;

  /// Takes the newest definitions among what cells can name.
  void keepDefinitions();

  /// Hides a definition of an earlier cell, or of a library, so that its name can be defined again. False: there is none.
  bool hide(clang::SourceLocation location, const std::string &name);
  /// Shows again what was hidden since `keepHidden`.
  void unhide();
  void keepHidden() { hidden.clear(); }

  /// Tells the machine code's side which variables and functions take the places of older ones.
  void tellReplacements(Jit &jit);
  /// The same once they are there.
  void redirectFunctions(Jit &jit);

  /// What cells have defined and can still be named.
  std::vector<clang::NamedDecl *> definitions() const;
  std::string symbolOf(const clang::NamedDecl *declaration) const;

  clang::Sema &sema() const;
  clang::ASTContext &context() const;
  clang::Interpreter &interpreter() { return *engine; }

  /// Of those who see what is parsed.
  void observe(clang::Decl *declaration);
  void tag(clang::NamedDecl *declaration);
  bool isTried() const { return isTrial; }

  const bool isC;

private:
  class Collector;
  void keep(clang::Decl *declaration);
  std::vector<clang::NamedDecl *> declarationsOf(const std::string &name, bool isTag) const;
  bool hideDeclaration(clang::NamedDecl *declaration);
  void replaces(clang::NamedDecl *newer);

  std::unique_ptr<clang::Interpreter> engine;
  std::vector<Problem> found;
  std::vector<clang::Decl *> seen;
  std::vector<clang::NamedDecl *> kept;
  std::set<clang::NamedDecl *> gone;
  struct Hidden {
    clang::NamedDecl *declaration;
    std::vector<clang::DeclContext *> from;
    bool wasInScope;
    bool wasVisible;
  };
  std::vector<Hidden> hidden;
  /// How often a name has been defined again.
  std::map<std::string, int> versions;
  /// The newest of each name that was hidden.
  std::map<std::string, std::vector<clang::NamedDecl *>> older;
  std::map<const clang::NamedDecl *, std::string> places;
  std::vector<clang::NamedDecl *> tagged;
  std::vector<std::pair<std::string, std::string>> redirected;
  clang::SourceLocation::UIntTy firstLocation = 0;
  size_t prefix = 0;
  size_t parses = 0;
  bool isTrial = false;
};

} // namespace kernelbox
