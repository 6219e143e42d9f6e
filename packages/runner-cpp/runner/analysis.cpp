#include "analysis.h"
#include "errors.h"
#include "rewrites.h"
#include <algorithm>
#include <csetjmp>
#include <csignal>
#include <regex>
#include <clang/AST/DeclTemplate.h>
#include <clang/Basic/CharInfo.h>
#include <clang/Basic/DiagnosticLex.h>
#include <clang/Basic/DiagnosticParse.h>
#include <clang/Basic/DiagnosticSema.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

using namespace clang;

namespace kernelbox {

std::string applyEdits(std::string code, std::vector<Edit> edits) {
  // From the end, so that places stay; at one place in the order in which they were made.
  std::stable_sort(edits.begin(), edits.end(), [](auto &left, auto &right) { return left.offset < right.offset; });
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit)
    if (edit->offset >= 0 && edit->offset + edit->length <= static_cast<long>(code.size()))
      code.replace(edit->offset, edit->length, edit->text);
  return code;
}

namespace {

constexpr int mostAttempts = 12;

/// What one attempt to parse has shown.
struct Attempt {
  bool isParsed = false;
  std::string message;
  unsigned line = 0;
  std::string text;
  std::string warnings;
  bool isIncomplete = false;
  /// Definitions of earlier cells that are in the way.
  std::vector<std::pair<SourceLocation, std::string>> replaced;
  std::vector<Edit> repairs;
  std::vector<Edit> additions;
  std::vector<Edit> value;
  /// What begins and ends functions around statements.
  Wraps wraps;
  bool hasMain = false;
  bool mainTakesArguments = false;
  /// Without an error: what has no name for clang where it stands may have one in a function.
  bool hasCrashed = false;
};

void pack(Packer &packer, const std::vector<Edit> &edits) {
  packer.add(static_cast<long>(edits.size()));
  for (auto &edit : edits) {
    packer.add(edit.offset);
    packer.add(edit.length);
    packer.add(edit.text);
  }
}

std::vector<Edit> unpackEdits(Unpacker &unpacker) {
  std::vector<Edit> edits(unpacker.number());
  for (auto &edit : edits) {
    edit.offset = unpacker.number();
    edit.length = unpacker.number();
    edit.text = unpacker.text();
  }
  return edits;
}

std::string pack(const Attempt &attempt) {
  Packer packer;
  packer.add(attempt.isParsed);
  packer.add(attempt.message);
  packer.add(attempt.line);
  packer.add(attempt.text);
  packer.add(attempt.warnings);
  packer.add(attempt.isIncomplete);
  packer.add(attempt.hasMain);
  packer.add(attempt.mainTakesArguments);
  packer.add(attempt.hasCrashed);
  packer.add(static_cast<long>(attempt.replaced.size()));
  for (auto &[location, name] : attempt.replaced) {
    packer.add(static_cast<long>(location.getRawEncoding()));
    packer.add(name);
  }
  for (auto *edits : {&attempt.repairs, &attempt.additions, &attempt.value, &attempt.wraps.begins, &attempt.wraps.ends}) pack(packer, *edits);
  return packer.packed;
}

Attempt unpackAttempt(const std::string &text) {
  Unpacker unpacker(text);
  Attempt attempt;
  attempt.isParsed = unpacker.number();
  attempt.message = unpacker.text();
  attempt.line = unpacker.number();
  attempt.text = unpacker.text();
  attempt.warnings = unpacker.text();
  attempt.isIncomplete = unpacker.number();
  attempt.hasMain = unpacker.number();
  attempt.mainTakesArguments = unpacker.number();
  attempt.hasCrashed = unpacker.number();
  attempt.replaced.resize(unpacker.number());
  for (auto &[location, name] : attempt.replaced) {
    location = SourceLocation::getFromRawEncoding(unpacker.number());
    name = unpacker.text();
  }
  for (auto *edits : {&attempt.repairs, &attempt.additions, &attempt.value, &attempt.wraps.begins, &attempt.wraps.ends}) *edits = unpackEdits(unpacker);
  return attempt;
}

/// Whether the compiler wants more than there is.
bool wantsMore(const Compiler &compiler, const Problem &problem, const std::string &code) {
  if (problem.id == diag::err_unterminated_block_comment || problem.id == diag::err_pp_unterminated_conditional ||
      problem.id == diag::err_unterminated_raw_string)
    return true;
  size_t end = code.find_last_not_of(" \t\r\n") + 1;
  return compiler.offsetOf(problem.location) >= static_cast<long>(end);
}

void addErrors(Compiler &compiler, const std::string &code, Attempt &attempt) {
  bool isFirst = true;
  for (auto &problem : compiler.problems()) {
    if (!problem.isError) continue;
    attempt.text += problem.text;
    if (isFirst) {
      attempt.message = problem.message;
      // What is missing at the end is missing in the last line of the user's.
      attempt.line = std::min<unsigned>(problem.line, 1 + std::count(code.begin(), code.end(), '\n'));
      attempt.isIncomplete = wantsMore(compiler, problem, code);
      isFirst = false;
    }
    for (auto &note : problem.notes)
      if (note.location.isValid() && note.message.find("previous") != std::string::npos && compiler.offsetOf(note.location) < 0)
        attempt.replaced.emplace_back(note.location, problem.name);
    long offset = compiler.offsetOf(problem.location);
    bool isOfCells = llvm::any_of(problem.notes, [&](auto &note) { return note.message == "candidate found by name lookup is '" + problem.name + "'"; });
    if (problem.id == diag::err_ambiguous_reference && offset >= 0 && isOfCells) {
      // After `using namespace std` a cell's `count` is also the library's: whoever defines a name means it.
      bool isKnown = llvm::any_of(attempt.repairs, [&](auto &edit) { return edit.offset == offset; });
      if (!isKnown) attempt.repairs.push_back({offset, 0, "::"});
    } else if (problem.id == diag::err_expected_external_declaration && offset >= 0 && (code[offset] == '-' || code[offset] == '+')) {
      // clang takes a sign there for a method of Objective-C.
      attempt.repairs.push_back({offset, 0, "0, "});
    } else if (problem.id == diag::err_deduced_class_template_compound_type && offset > 0 && code[offset] == '(') {
      // `std::vector(v.begin(), v.end())` is an expression.
      long start = offset;
      while (start > 0 && (isAsciiIdentifierContinue(code[start - 1]) || code[start - 1] == ':')) --start;
      attempt.repairs.push_back({start, 0, "0, "});
    } else if (problem.id == diag::err_capture_default_non_local) {
      // At the top level everything is global: there is nothing to capture.
      size_t next = code.find_first_not_of(" \t\r\n", offset + 1);
      attempt.repairs.push_back({offset, next != std::string::npos && code[next] == ',' ? static_cast<long>(next) + 1 - offset : 1, ""});
    } else if (problem.id == diag::err_capture_non_automatic_variable) {
      attempt.repairs.push_back({offset + static_cast<long>(problem.name.size()), 0, " = " + problem.name});
    }
  }
  if (compiler.isC) {
    auto repairs = repairInitializers(compiler, code);
    attempt.repairs.insert(attempt.repairs.end(), repairs.begin(), repairs.end());
  }
}

sigjmp_buf outOfParser;

/// clang 19 may crash when it clears away what it could not parse. What it has said until then is what counts; nothing else
/// of it is used in this process.
bool parseInChild(Compiler &compiler, const std::string &code, const std::string &name, bool isTrial) {
  for (int number : {SIGSEGV, SIGABRT, SIGILL, SIGBUS}) signal(number, [](int) { siglongjmp(outOfParser, 1); });
  bool isParsed = false;
  if (sigsetjmp(outOfParser, 1) == 0) isParsed = compiler.parse(code, name, isTrial) != nullptr;
  for (int number : {SIGSEGV, SIGABRT, SIGILL, SIGBUS}) signal(number, SIG_DFL);
  return isParsed;
}

Attempt attemptIn(Compiler &compiler, const std::string &code, const std::string &name) {
  Attempt attempt;
  attempt.isParsed = parseInChild(compiler, code, name, true);
  bool hasErrors = std::any_of(compiler.problems().begin(), compiler.problems().end(), [](auto &problem) { return problem.isError; });
  attempt.hasCrashed = !attempt.isParsed && !hasErrors;
  attempt.isParsed |= attempt.hasCrashed;
  if (!attempt.isParsed) {
    addErrors(compiler, code, attempt);
    return attempt;
  }
  for (auto &problem : compiler.problems()) attempt.warnings += problem.text;
  if (!compiler.isC) attempt.additions = describeFields(compiler, code);
  attempt.value = showValue(compiler, code);
  attempt.wraps = wrapStatements(compiler, code);
  for (auto *declaration : compiler.topLevel())
    if (auto *function = dyn_cast<FunctionDecl>(declaration); function && function->isMain() && function->hasBody()) {
      attempt.hasMain = true;
      attempt.mainTakesArguments = function->getNumParams() >= 2;
    }
  return attempt;
}

} // namespace

namespace {

/// Without what belongs to files: the mark of UTF-8, and `#pragma once`, for which clang 19 looks for a file.
std::string withoutFileMarks(std::string code) {
  if (code.starts_with("\xef\xbb\xbf")) code.erase(0, 3);
  static const std::regex pragma("(^|\\n)[ \\t]*#[ \\t]*pragma[ \\t]+once[ \\t]*(?=\\r?(\\n|$))");
  return code.find("once") == std::string::npos ? code : std::regex_replace(code, pragma, "$1");
}

/// The line of a bracket that nothing closes; 0: all are closed. clang 19 would look for the rest for ever.
unsigned openBracket(const Compiler &compiler, const std::string &code, char &bracket) {
  if (code.find("#if") != std::string::npos) return 0; // what is left out may be anything
  Lexer lexer(SourceLocation(), compiler.context().getLangOpts(), code.c_str(), code.c_str(), code.c_str() + code.size());
  std::vector<std::pair<char, long>> open;
  Token token;
  do {
    lexer.LexFromRawLexer(token);
    if (token.isOneOf(tok::l_brace, tok::l_paren, tok::l_square)) {
      char kind = token.is(tok::l_brace) ? '{' : token.is(tok::l_paren) ? '(' : '[';
      open.emplace_back(kind, lexer.getCurrentBufferOffset());
    } else if (token.isOneOf(tok::r_brace, tok::r_paren, tok::r_square) && !open.empty()) {
      open.pop_back();
    }
  } while (token.isNot(tok::eof));
  if (open.empty()) return 0;
  bracket = open.back().first;
  return 1 + std::count(code.begin(), code.begin() + open.back().second, '\n');
}

} // namespace

Analysis analyse(Compiler &compiler, const std::string &code, const std::string &name, unsigned seconds) {
  Analysis analysis;
  char bracket = 0;
  if (unsigned line = openBracket(compiler, code, bracket); line != 0) {
    analysis.line = line;
    analysis.message = std::string("nothing closes this '") + bracket + "'";
    analysis.text = name + ":" + std::to_string(line) + ": error: " + analysis.message;
    analysis.isIncomplete = true;
    return analysis;
  }
  compiler.keepHidden();
  std::string current = withoutFileMarks(code);
  for (int attempts = 0; attempts < mostAttempts; ++attempts) {
    auto answer = inChild([&] { return pack(attemptIn(compiler, current, name)); }, seconds);
    if (!answer) {
      compiler.unhide();
      analysis.wasInterrupted = wasInterrupted();
      analysis.message = analysis.text = "the compiler has failed on this code";
      return analysis;
    }
    Attempt attempt = unpackAttempt(*answer);
    if (attempt.isParsed) {
      Cell cell;
      auto joined = [&](std::initializer_list<const std::vector<Edit> *> lists) {
        std::vector<Edit> edits;
        for (auto *list : lists) edits.insert(edits.end(), list->begin(), list->end());
        return edits;
      };
      cell.code = applyEdits(current, joined({&attempt.wraps.begins, &attempt.wraps.ends}));
      auto edits = joined({&attempt.wraps.begins, &attempt.additions, &attempt.value, &attempt.wraps.ends});
      if (!attempt.additions.empty() || !attempt.value.empty()) {
        // What shows values is not what the user has written: it must not be what fails.
        std::string shown = applyEdits(current, edits);
        auto works = inChild([&]() -> std::string { return parseInChild(compiler, shown, name, false) ? "yes" : ""; }, seconds);
        if (works == "yes") {
          cell.code = shown;
          attempt.hasCrashed = false;
        }
      }
      if (attempt.hasCrashed && inChild([&]() -> std::string { return parseInChild(compiler, cell.code, name, false) ? "yes" : ""; }, seconds) != "yes") {
        compiler.unhide();
        analysis.message = analysis.text = "the compiler has failed on this code";
        return analysis;
      }
      cell.hasMain = attempt.hasMain;
      cell.mainTakesArguments = attempt.mainTakesArguments;
      cell.warnings = attempt.warnings;
      analysis.cell = std::move(cell);
      return analysis;
    }
    if (attempt.message.empty()) attempt.message = attempt.text = "the compiler has failed on this code";
    if (analysis.message.empty() || attempts > 0) {
      analysis.message = attempt.message;
      analysis.line = attempt.line;
      analysis.text = attempt.text;
      analysis.isIncomplete = attempt.isIncomplete;
    }
    bool hasChanged = !attempt.repairs.empty();
    for (auto &[location, replaced] : attempt.replaced) hasChanged |= compiler.hide(location, replaced);
    if (!hasChanged) break;
    current = applyEdits(current, attempt.repairs);
  }
  compiler.unhide();
  return analysis;
}

} // namespace kernelbox
