// The frames that are exchanged with the host: see docs/runners.md.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernelbox {

struct Frame {
  std::string name;
  std::vector<std::string> fields;
  /// The field, or nothing where there is none.
  std::string_view field(size_t index) const { return index < fields.size() ? std::string_view(fields[index]) : ""; }
};

/// Sends one frame. Threads may call it at the same time.
void emit(std::string_view name, const std::vector<std::string_view> &fields = {});

/// Waits for a frame; nothing when the host has gone.
std::optional<Frame> receive();

/// Waits until the host has taken all that was sent and printed. Only the thread that takes requests may wait.
void sync();

/// A crash does not wait for a thread that will never let go.
void emitFromCrash(std::string_view name, const std::vector<std::string_view> &fields);

} // namespace kernelbox
