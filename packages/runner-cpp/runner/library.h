// What cells call in this program.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The arguments of the run.
extern "C" int argc;
extern "C" char **argv;

namespace kernelbox {

class Jit;

/// Lets cells find it.
void offerLibrary(Jit &jit);

/// The arguments of the next run; the first one is the name of the cell.
void setArguments(const std::vector<std::string> &arguments);

/// Shows something, in its place among what is printed.
void display(const std::vector<std::string_view> &bundle);

/// Gets what would be sent to the host; none: it is sent.
extern std::function<void(std::string_view name, const std::vector<std::string_view> &fields)> sink;

/// Gets the values of cells in C.
extern std::function<void(const volatile void *value)> showValueOfC;

} // namespace kernelbox
