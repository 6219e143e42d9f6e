// What statements are.
#pragma once
#include "scanner.h"
#include <string>
#include <vector>

namespace kernelbox {

enum class Kind {
  // Begin something that has an end of its own.
  Program, Module, Submodule, BlockData, Procedure, Type, Interface, Enum, Construct,
  End,
  Contains,
  // Have their place before what is executed.
  Use, Implicit, Access, Declaration, Specification, Include,
  // Are executed.
  Format, Keyword, Assignment, Expression, Directive,
};

/// Something that a declaration names.
struct Entity {
  std::string name;
  /// The tokens of what comes before the initial value: name, bounds, length.
  size_t begin = 0;
  size_t end = 0;
  /// The tokens of the initial value (`= …`), without the sign; none: `valueBegin == valueEnd`.
  size_t valueBegin = 0;
  size_t valueEnd = 0;
  bool hasBounds = false;
  bool isPointed = false;
};

/// `real, allocatable :: a(:), b`
struct Declaration {
  /// The tokens of the type and of the attributes, without the colons.
  size_t typeEnd = 0;
  size_t attributesEnd = 0;
  std::vector<std::string> attributes;
  std::vector<Entity> entities;
  /// The derived type, of `type(t)` and `class(t)`; empty: none.
  std::string derived;
  bool isPolymorphic = false;
  bool isProcedure = false;
  bool has(const char *attribute) const;
};

/// `in`: what the statement stands in, and what it means there.
Kind kindOf(const Statement &statement, Kind in);

/// Of a statement of the kind `Procedure`, `Module`, `Program`, `Type`, `Interface` or `Construct`; may be empty.
std::string nameOf(const Statement &statement, Kind kind);

Declaration declarationOf(const Statement &statement);

/// The index of the token after the bracket that closes the one at `index`.
size_t afterBracket(const Statement &statement, size_t index);

/// The label of a `do 10 i = …`; empty: none.
std::string labelOfDo(const Statement &statement);

/// The last statement of what begins at `first`; past the end: nothing ends it.
size_t lastOf(const std::vector<Statement> &statements, size_t first, Kind in, size_t *unclosed = nullptr);

bool isFunction(const Statement &statement);

/// Whether a name begins a statement, for completion.
const std::vector<std::string> &keywords();

} // namespace kernelbox
