#include "core/shown.hpp"

#include <algorithm>

namespace xeras {

std::string shown(std::string_view text, std::size_t longest) {
  std::size_t kept = std::min(text.size(), longest);
  // Not within a character of UTF-8, whose bytes but the first are 10xxxxxx.
  if (kept < text.size()) {
    while (kept > 0 && (static_cast<unsigned char>(text[kept]) & 0xC0) == 0x80) --kept;
  }
  std::string line(text.substr(0, kept));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return kept < text.size() ? line + "..." : line;
}

std::string ends_of(std::string message) {
  constexpr std::size_t longest = 2000, half = 800;
  if (message.size() <= longest) return message;
  std::size_t end = message.size() - half;
  while (end < message.size() && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) ++end;
  return shown(message, half) + message.substr(end);
}

}  // namespace xeras
