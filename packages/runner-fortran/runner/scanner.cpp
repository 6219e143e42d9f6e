#include "scanner.h"
#include <cctype>

namespace kernelbox {

std::string lower(std::string text) {
  for (char &character : text) character = static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
  return text;
}

namespace {

bool isNameStart(char character) { return std::isalpha(static_cast<unsigned char>(character)) || character == '_'; }
bool isDigit(char character) { return character >= '0' && character <= '9'; }
bool isNamePart(char character) { return isNameStart(character) || isDigit(character) || character == '$'; }

class Scanner {
public:
  explicit Scanner(const std::string &code) : code(code) {}

  Scan run() {
    while (position < code.size()) step();
    finish();
    result.isContinued = isContinuing;
    return std::move(result);
  }

private:
  char at(size_t offset) const { return position + offset < code.size() ? code[position + offset] : '\n'; }
  bool isOpen() const { return !current.tokens.empty() || !current.label.empty(); }

  void step() {
    char character = at(0);
    if (character == '\n') {
      if (!isContinuing) finish();
      ++line;
      ++position;
      isLineStart = true;
    } else if (character == ' ' || character == '\t' || character == '\r' || character == '\f') {
      ++position;
    } else if (isLineStart && character == '#') {
      result.hasPreprocessor = true;
      skipLine();
    } else if (character == '!') {
      comment();
    } else if (character == '&') {
      continuation();
    } else {
      isContinuing = isLineStart = false;
      if (character == ';') {
        if (isOpen()) current.hasSemicolon = true;
        else if (!result.statements.empty()) result.statements.back().hasSemicolon = true;
        finish();
        ++position;
      } else {
        token();
      }
    }
  }

  void skipLine() {
    while (position < code.size() && code[position] != '\n') ++position;
  }

  /// Directives are statements: they belong to a place.
  void comment() {
    size_t begin = position;
    skipLine();
    std::string sentinel = lower(code.substr(begin + 1, 5));
    bool isOpenMp = sentinel.rfind("$omp", 0) == 0;
    bool isDirective = isOpenMp || sentinel.rfind("$acc", 0) == 0 || sentinel.rfind("gcc$", 0) == 0 || sentinel.rfind("dir$", 0) == 0;
    result.hasOpenMp |= isOpenMp || sentinel.rfind("$ ", 0) == 0;
    if (!isDirective || !isLineStart || isContinuing) return;
    finish();
    Statement directive;
    directive.isDirective = true;
    directive.begin = begin;
    directive.end = position;
    directive.line = line;
    // Its words, without what makes it a comment.
    std::string text = lower(code.substr(begin, position - begin));
    size_t word = text.find_first_of(" \t");
    while (word != std::string::npos && (word = text.find_first_not_of(" \t", word)) != std::string::npos) {
      size_t end = text.find_first_of(" \t(", word);
      directive.tokens.push_back({Token::Name, text.substr(word, end == std::string::npos ? end : end - word), begin + word, begin + word});
      word = end == std::string::npos ? end : text.find_first_of(" \t", end);
    }
    directive.tokens.push_back({Token::End, "", position, position});
    result.statements.push_back(std::move(directive));
  }

  /// At the end of a line, or at the start of the next one.
  void continuation() {
    if (isContinuing && isLineStart) {
      isLineStart = false;
      ++position;
      return;
    }
    isContinuing = true;
    ++position;
    // Nothing but a comment may stand after it.
    while (position < code.size() && code[position] != '\n' && code[position] != '!') ++position;
    if (position < code.size() && code[position] == '!') skipLine();
  }

  void token() {
    if (!isOpen()) {
      current.begin = position;
      current.line = line;
    }
    Token token;
    token.begin = position;
    char character = at(0);
    if (character == '\'' || character == '"') {
      text(token, character);
    } else if (isNameStart(character)) {
      token.kind = Token::Name;
      while (isNamePart(at(0))) token.text += at(0), ++position;
      joinName(token);
      token.text = lower(token.text);
    } else if (isDigit(character) || (character == '.' && isDigit(at(1)))) {
      number(token);
    } else {
      sign(token);
    }
    token.end = position;
    if (current.tokens.empty() && current.label.empty() && token.kind == Token::Number && isLabel(token.text)) {
      current.label = token.text;
      current.end = position;
      return;
    }
    current.end = position;
    current.tokens.push_back(std::move(token));
  }

  /// A name that goes on in the next line: `na&` and `&me`.
  void joinName(Token &token) {
    size_t next = position;
    if (next >= code.size() || code[next] != '&') return;
    size_t end = code.find('\n', next);
    if (end == std::string::npos || code.find_first_not_of(" \t\r", next + 1) != end) return;
    size_t start = code.find_first_not_of(" \t", end + 1);
    if (start == std::string::npos || code[start] != '&') return;
    position = start + 1;
    ++line;
    while (isNamePart(at(0))) token.text += at(0), ++position;
  }

  static bool isLabel(const std::string &text) {
    return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string::npos;
  }

  void text(Token &token, char quote) {
    token.kind = Token::Text;
    unsigned begin = line;
    ++position;
    while (position < code.size()) {
      char character = code[position];
      if (character == quote) {
        ++position;
        if (at(0) != quote) return;
        token.text += quote;
        ++position;
      } else if (character == '\n') {
        break; // nothing closes it
      } else if (character == '&' && goesOn()) {
        // The rest is in the next line.
      } else {
        token.text += character;
        ++position;
      }
    }
    result.openText = begin;
  }

  bool goesOn() {
    size_t end = code.find_first_not_of(" \t\r", position + 1);
    if (end == std::string::npos || code[end] != '\n') return false;
    position = end + 1;
    ++line;
    size_t start = code.find_first_not_of(" \t", position);
    if (start != std::string::npos && code[start] == '&') position = start + 1;
    return true;
  }

  void number(Token &token) {
    token.kind = Token::Number;
    auto digits = [&] {
      while (isDigit(at(0))) token.text += at(0), ++position;
    };
    digits();
    // `1.eq.2` and `1.and.…` have no point in the number.
    bool isOperator = at(0) == '.' && isNameStart(at(1)) && isNameStart(at(2));
    if (at(0) == '.' && !isOperator) {
      token.text += '.';
      ++position;
      digits();
    }
    char exponent = static_cast<char>(std::tolower(static_cast<unsigned char>(at(0))));
    bool hasSign = at(1) == '+' || at(1) == '-';
    if ((exponent == 'e' || exponent == 'd' || exponent == 'q') && isDigit(at(hasSign ? 2 : 1))) {
      token.text += exponent;
      ++position;
      if (hasSign) token.text += at(0), ++position;
      digits();
    }
    if (at(0) == '_' && isNamePart(at(1))) { // its kind
      do token.text += at(0), ++position;
      while (isNamePart(at(0)));
    }
  }

  void sign(Token &token) {
    token.kind = Token::Sign;
    static const char *const pairs[] = {"::", "=>", "==", "/=", "<=", ">=", "**", "//", "(/", "/)"};
    for (auto *pair : pairs)
      if (at(0) == pair[0] && at(1) == pair[1]) {
        // `(/` begins an array, but not in `operator(/)`.
        if (pair[0] == '(' && (at(2) == ')' || at(2) == '=' || at(2) == '/')) continue;
        if (pair[1] == ')' && openArrays == 0) continue;
        openArrays += pair[0] == '(' ? 1 : pair[1] == ')' ? -1 : 0;
        token.text = pair;
        position += 2;
        return;
      }
    if (at(0) == '.' && isNameStart(at(1))) {
      size_t end = position + 1;
      while (end < code.size() && isNamePart(code[end])) ++end;
      if (end < code.size() && code[end] == '.') {
        token.text = lower(code.substr(position, end + 1 - position));
        position = end + 1;
        return;
      }
    }
    token.text = at(0);
    ++position;
  }

  void finish() {
    if (isOpen()) {
      size_t end = current.end;
      // A number before anything but a word is no label.
      if (!current.label.empty() && (current.tokens.empty() || current.tokens[0].kind != Token::Name)) {
        current.tokens.insert(current.tokens.begin(), {Token::Number, current.label, current.begin, current.begin + current.label.size()});
        current.label.clear();
      }
      current.tokens.push_back({Token::End, "", end, end});
      result.statements.push_back(std::move(current));
    }
    current = Statement();
    openArrays = 0;
  }

  const std::string &code;
  size_t position = 0;
  unsigned line = 1;
  bool isLineStart = true;
  bool isContinuing = false;
  /// `(/` that nothing has closed yet.
  int openArrays = 0;
  Statement current;
  Scan result;
};

} // namespace

Scan scan(const std::string &code) { return Scanner(code).run(); }

} // namespace kernelbox
