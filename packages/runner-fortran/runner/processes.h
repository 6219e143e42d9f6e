// Programs that the runner starts.
#pragma once
#include <string>
#include <vector>

namespace kernelbox {

/// How a program ended: its exit code, or less than 0.
struct Ended {
  int code = -1;
  /// What it printed, if that was wanted.
  std::string output;
};

/// Runs a program to its end and takes what it prints on `descriptor` (1 or 2).
Ended runProgram(const std::vector<std::string> &command, int descriptor = 1);

/// Runs the first one with its stdout as the second one's stdin. Gives how the first one failed, else the second one, and what they
/// printed on stderr.
Ended runPipeline(const std::vector<std::string> &first, const std::vector<std::string> &second);

} // namespace kernelbox
