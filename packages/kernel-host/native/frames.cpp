#include "frames.h"
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <unistd.h>

namespace kernelbox {
namespace {

constexpr int requests = 3;
constexpr int events = 4;
std::mutex sending;

void writeAll(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = write(events, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) _exit(1); // the host has gone
    if (count > 0) bytes.remove_prefix(count);
  }
}

std::string encode(std::string_view name, const std::vector<std::string_view> &fields) {
  std::string bytes(name);
  for (auto field : fields) bytes += ' ' + std::to_string(field.size());
  bytes += '\n';
  for (auto field : fields) bytes += field;
  return bytes;
}

/// What has arrived and was not asked for yet.
std::string buffer;
size_t consumed = 0;

bool fill() {
  if (consumed == buffer.size()) {
    buffer.clear();
    consumed = 0;
  }
  char piece[65536];
  ssize_t count;
  do count = read(requests, piece, sizeof piece);
  while (count < 0 && errno == EINTR);
  if (count <= 0) return false;
  buffer.append(piece, count);
  return true;
}

} // namespace

void emit(std::string_view name, const std::vector<std::string_view> &fields) {
  std::string bytes = encode(name, fields);
  std::lock_guard guard(sending);
  writeAll(bytes);
}

void emitFromCrash(std::string_view name, const std::vector<std::string_view> &fields) {
  bool isMine = sending.try_lock();
  writeAll(encode(name, fields));
  if (isMine) sending.unlock();
}

std::optional<Frame> receive() {
  size_t end;
  while ((end = buffer.find('\n', consumed)) == std::string::npos)
    if (!fill()) return std::nullopt;
  std::string line = buffer.substr(consumed, end - consumed);
  consumed = end + 1;
  Frame frame;
  size_t space = line.find(' ');
  frame.name = line.substr(0, space);
  while (space != std::string::npos) {
    size_t length = std::strtoul(line.c_str() + space + 1, nullptr, 10);
    while (buffer.size() - consumed < length)
      if (!fill()) return std::nullopt;
    frame.fields.push_back(buffer.substr(consumed, length));
    consumed += length;
    space = line.find(' ', space + 1);
  }
  return frame;
}

void sync() {
  static unsigned long tokens = 0;
  std::string token = std::to_string(++tokens);
  emit("sync", {token});
  while (auto frame = receive())
    if (frame->name == "synced" && frame->field(0) == token) return;
  _exit(0);
}

} // namespace kernelbox
