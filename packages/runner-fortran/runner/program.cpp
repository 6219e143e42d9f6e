#include "program.h"
#include "processes.h"
#include "statements.h"
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <unistd.h>

namespace kernelbox {
namespace {

struct Source {
  std::string path;
  std::set<std::string> modules;
  std::set<std::string> uses;
};

Source sourceOf(const std::string &path) {
  Source source{path, {}, {}};
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  for (auto &statement : scan(text.str()).statements) {
    Kind kind = kindOf(statement, Kind::Program);
    if (kind == Kind::Module) {
      source.modules.insert(nameOf(statement, kind));
    } else if (kind == Kind::Use) {
      size_t index = statement.at(1).is(",") ? 3 : 1;
      source.uses.insert(statement.at(statement.at(index).is("::") ? index + 1 : index).text);
    } else if (kind == Kind::Submodule) {
      source.uses.insert(statement.at(2).text);
      for (size_t index = 3; index < statement.size(); ++index)
        if (statement.at(index - 1).is(")")) source.modules.insert(statement.at(2).text + ":" + statement.at(index).text);
      if (statement.at(3).is(":")) source.uses.insert(statement.at(2).text + ":" + statement.at(4).text);
    }
  }
  return source;
}

/// Each after what it needs; in a circle, in their own order, so that the compiler says what is wrong.
std::vector<std::string> inOrder(const std::vector<std::string> &files) {
  std::vector<Source> sources;
  std::map<std::string, size_t> owners;
  for (auto &file : files) {
    for (auto &module : sources.emplace_back(sourceOf(file)).modules) owners.emplace(module, sources.size() - 1);
  }
  std::vector<std::string> ordered;
  std::set<size_t> visited;
  auto visit = [&](auto &self, size_t index) -> void {
    if (!visited.insert(index).second) return;
    for (auto &use : sources[index].uses)
      if (auto owner = owners.find(use); owner != owners.end()) self(self, owner->second);
    ordered.push_back(sources[index].path);
  };
  for (size_t index = 0; index < sources.size(); ++index) visit(visit, index);
  return ordered;
}

} // namespace

int compileProgram(const std::string &directory, const std::vector<std::string> &files) {
  std::vector<std::string> command{"gfortran", "-O2", "-g", "-fcheck=bounds", "-fbacktrace", "-ffree-line-length-none", "-fdiagnostics-color=never",
                                   "-J", directory, "-o", directory + "/program"};
  for (auto &file : inOrder(files)) command.push_back(file);
  command.push_back("-Wl,--as-needed");
  for (auto *library : {"lapack", "blas"}) {
    // Where there is none, gfortran gives the name back.
    std::string name = std::string("lib") + library + ".so", found = runProgram({"gfortran", "-print-file-name=" + name}).output;
    if (found.find('/') != std::string::npos) command.push_back(std::string("-l") + library);
  }
  std::vector<char *> arguments;
  for (auto &argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  perror("gfortran");
  return 127;
}

} // namespace kernelbox
