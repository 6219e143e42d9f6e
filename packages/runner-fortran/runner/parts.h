// The parts of a cell, each at the place where Fortran wants it.
#pragma once
#include "statements.h"
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kernelbox {

/// Lines of a cell, as the user has written them.
struct Piece {
  std::string text;
  std::string file;
  unsigned line = 1;
};

/// A component of a derived type.
struct Component {
  std::string name;
  std::string declaration;
  std::string derived;
  bool isPolymorphic = false;
  bool isProcedure = false;
  bool isAllocatable = false;
  bool isPointer = false;
  unsigned rank = 0;
};

struct DerivedType {
  std::string name;
  std::string parent;
  bool isAbstract = false;
  bool hasParameters = false;
  std::vector<Component> components;
  /// What is bound to it.
  std::vector<std::string> bindings;
};

struct Procedure {
  Piece piece;
  /// What it uses; not what it declares itself.
  std::set<std::string> mentions;
};

/// Something that can be named.
struct Name {
  enum Kind { Variable, Constant, Procedure, Type, Generic, Other } kind = Variable;
  /// The cell that has it.
  int owner = 0;
  /// As a reader would write it.
  std::string declaration;
  std::string comment;
  /// Of variables: the type, without attributes, and the derived type's name.
  std::string type;
  std::string derived;
  bool isAllocatable = false;
  bool isPointer = false;
  bool isProcedurePointer = false;
};

/// `interface area`, `interface operator(+)`
struct Generic {
  int owner = 0;
  std::set<std::string> specifics;
};

struct Parts {
  /// Modules, submodules and block data, in the order of the source.
  std::vector<Piece> units;
  std::vector<Piece> uses;
  std::vector<Piece> specification;
  std::vector<Piece> executed;
  std::map<std::string, Procedure> procedures;
  /// In the order of the source.
  std::vector<std::string> procedureOrder;
  /// The last expression.
  std::optional<Piece> value;
  /// A `;` stands after it: it is not shown.
  bool hidesValue = false;
  std::map<std::string, Name> names;
  std::map<std::string, Generic> generics;
  std::map<std::string, DerivedType> types;
  /// User's modules of this cell, and what they are called for the compiler.
  std::map<std::string, std::string> modules;
  /// All names that the cell contains.
  std::set<std::string> mentions;
  bool hasPreprocessor = false;
  bool hasOpenMp = false;
  bool hasLoops = false;

  /// Why it cannot be a cell; empty: it can.
  std::string problem;
  unsigned problemLine = 0;
  /// More of it could be the cure.
  bool isIncomplete = false;
};

/// Cuts a cell. `modules`: what user's modules of earlier cells are called.
Parts partsOf(const std::string &code, const std::string &file, int number, const std::map<std::string, std::string> &modules);

} // namespace kernelbox
