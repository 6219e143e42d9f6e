// Fortran in free form, cut into statements and these into tokens.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace kernelbox {

struct Token {
  enum Kind { Name, Number, Text, Sign, End };
  Kind kind = End;
  /// Lower case, but for texts.
  std::string text;
  /// Where in the code it begins and ends.
  size_t begin = 0;
  size_t end = 0;
  bool is(const char *what) const { return kind != Text && text == what; }
};

/// One statement, without its label, or a directive (`!$omp …`) as a whole.
struct Statement {
  /// Ends with a token of the kind `End`, so that the first one is always there.
  std::vector<Token> tokens;
  /// Where in the code it begins (with its label) and ends.
  size_t begin = 0;
  size_t end = 0;
  /// Its first line, counted from 1.
  unsigned line = 1;
  std::string label;
  bool isDirective = false;
  /// A `;` stands after it.
  bool hasSemicolon = false;

  const Token &at(size_t index) const { return tokens[index < tokens.size() ? index : tokens.size() - 1]; }
  size_t size() const { return tokens.size() - 1; }
};

struct Scan {
  std::vector<Statement> statements;
  /// The last line promises more: it ends with `&`.
  bool isContinued = false;
  /// The line of a text that nothing closes; 0: all are closed.
  unsigned openText = 0;
  bool hasPreprocessor = false;
  bool hasOpenMp = false;
};

Scan scan(const std::string &code);

std::string lower(std::string text);

} // namespace kernelbox
