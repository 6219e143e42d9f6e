// What cells have defined, and the module that the next cell becomes.
#pragma once
#include "parts.h"

namespace kernelbox {

/// What of a module is ours, and may be left out if it is what does not compile.
struct ModuleOptions {
  /// Procedures of earlier cells that use what is defined again.
  bool hasDependents = true;
  /// What shows values of derived types.
  bool hasShowers = true;
  /// The last expression is shown; otherwise it is only evaluated.
  bool showsValue = true;
};

struct ModuleSource {
  std::string text;
  /// Procedures of earlier cells that are in it, too.
  std::set<std::string> dependents;
  /// Interfaces that are put together again.
  std::map<std::string, Generic> generics;
  /// Types that it has showers for.
  std::set<std::string> showers;
};

/// The file that lines of ours are said to be in.
extern const char *const ownFile;

class Names {
public:
  ModuleSource moduleOf(const Parts &parts, int number, const ModuleOptions &options) const;

  /// A cell has been loaded: its names are the newest.
  void adopt(const Parts &parts, int number, const ModuleSource &source);

  /// A module with procedures `kb_N_1`, `kb_N_2`, … that show one variable each.
  std::string showersOf(const std::vector<std::string> &variables, int number) const;

  const std::map<std::string, Name> &all() const { return names; }
  const std::map<std::string, std::string> &userModules() const { return modules; }
  const DerivedType *typeOf(const std::string &name) const;

private:
  struct Draft;
  Piece renewed(Piece use, const Parts &parts) const;
  std::set<std::string> dependentsOf(const Parts &parts) const;
  void addGenerics(Draft &draft) const;
  std::set<int> showingCells() const;
  bool canShow(const Draft &draft, const Component &component) const;
  void addShower(Draft &draft, const DerivedType &type, std::string &text) const;
  std::vector<Component> componentsOf(const Draft &draft, const DerivedType &type) const;

  std::map<std::string, Name> names;
  std::map<std::string, Generic> generics;
  std::map<std::string, DerivedType> types;
  std::map<std::string, Procedure> procedures;
  std::map<std::string, std::string> modules;
  std::vector<Piece> uses;
  /// Types of earlier cells that can be shown.
  std::set<std::string> shown;
};

} // namespace kernelbox
