#include "fixed-form.h"
#include <cctype>
#include <cstring>
#include <vector>

namespace kernelbox {
namespace {

constexpr size_t statementColumn = 6, lastColumn = 72;

enum class Line { Blank, Comment, Statement, Continuation, Other };

bool isBlank(const std::string &text, size_t begin, size_t end) {
  for (size_t at = begin; at < end && at < text.size(); ++at)
    if (text[at] != ' ' && text[at] != '\r') return false;
  return true;
}

/// `C` in the first column, and not the beginning of `c = 1` or `call`.
bool isCardComment(const std::string &text) {
  if (text[0] == '*') return true;
  if (std::strchr("cC", text[0]) == nullptr) return false;
  if (text.size() == 1) return true;
  if (text[1] == '$') return true;
  if (isalnum(static_cast<unsigned char>(text[1])) || std::strchr("_(%=,&", text[1])) return false;
  size_t next = text.find_first_not_of(' ', 1);
  return next == std::string::npos || std::strchr("=(%", text[next]) == nullptr;
}

Line kindOf(const std::string &text) {
  if (isBlank(text, 0, text.size())) return Line::Blank;
  if (text[0] == '!' || text[0] == '#' || isCardComment(text)) return Line::Comment;
  size_t first = text.find_first_not_of(' ');
  if (text[first] == '!') return Line::Comment;
  if (text[0] == '\t') return text.size() > 1 && isdigit(static_cast<unsigned char>(text[1])) && text[1] != '0' ? Line::Continuation : Line::Statement;
  if (first >= statementColumn) return Line::Statement;
  if (first == statementColumn - 1) return text[first] == '0' ? Line::Statement : Line::Continuation;
  // A label, and nothing else before the statement.
  for (size_t at = first; at < statementColumn && at < text.size(); ++at)
    if (text[at] != ' ' && !(at < statementColumn - 1 && isdigit(static_cast<unsigned char>(text[at])))) return Line::Other;
  return Line::Statement;
}

/// Where a comment begins behind a statement. `quote`: of the text that is open, before and after it.
size_t codeEnd(const std::string &text, size_t begin, char &quote) {
  for (size_t at = begin; at < text.size(); ++at) {
    if (quote != 0) {
      if (text[at] == quote) quote = 0;
    } else if (text[at] == '\'' || text[at] == '"') {
      quote = text[at];
    } else if (text[at] == '!') {
      return at;
    }
  }
  return text.size();
}

std::vector<std::string> linesOf(const std::string &code) {
  std::vector<std::string> lines(1);
  for (char letter : code) {
    if (letter == '\n') lines.emplace_back();
    else lines.back() += letter;
  }
  return lines;
}

/// Every line can stand on a card, and one of them nowhere else.
bool isFixed(const std::vector<std::string> &lines) {
  bool isCertain = false, goesOn = true;
  for (auto &line : lines) {
    Line kind = kindOf(line);
    if (kind == Line::Other) return false;
    if (kind == Line::Comment) {
      isCertain |= line[0] != '!' && line[0] != '#' && line.find_first_not_of(' ') == 0;
    } else if (kind == Line::Continuation) {
      char mark = line[0] == '\t' ? line[1] : line[statementColumn - 1];
      isCertain |= !goesOn && !isalpha(static_cast<unsigned char>(mark));
    }
    if (kind == Line::Statement || kind == Line::Continuation) {
      char quote = 0;
      size_t end = codeEnd(line, 0, quote), last = end == 0 ? std::string::npos : line.find_last_not_of(" \r\t", end - 1);
      goesOn = last != std::string::npos && line[last] == '&';
    }
  }
  return isCertain;
}

} // namespace

std::string inFreeForm(const std::string &code) {
  std::vector<std::string> lines = linesOf(code);
  if (!isFixed(lines)) return code;
  // The line that a continuation continues, and the text that is open at its end.
  size_t before = std::string::npos;
  char quote = 0;
  for (size_t index = 0; index < lines.size(); ++index) {
    std::string &line = lines[index];
    Line kind = kindOf(line);
    if (kind == Line::Comment && line[0] != '#') {
      if (line.find_first_not_of(' ') == 0) line[0] = '!';
    } else if (kind == Line::Statement || kind == Line::Continuation) {
      if (line[0] != '\t' && line.size() > lastColumn) line.erase(lastColumn);
      size_t begin = line[0] == '\t' ? (kind == Line::Continuation ? 2 : 1) : statementColumn;
      if (kind == Line::Statement) {
        quote = 0;
        if (line.size() >= statementColumn && line[0] != '\t') line[statementColumn - 1] = ' ';
      } else if (before != std::string::npos) {
        // What is open goes on to the last column.
        if (quote != 0) lines[before].resize(std::max(lines[before].size(), lastColumn), ' ');
        lines[before] += '&';
        line.replace(0, begin, "&");
        begin = 1;
      }
      line.erase(codeEnd(line, std::min(begin, line.size()), quote));
      before = index;
    }
  }
  std::string free;
  for (size_t index = 0; index < lines.size(); ++index) free += (index == 0 ? "" : "\n") + lines[index];
  return free;
}

} // namespace kernelbox
