#include "core/shown.hpp"

#include <algorithm>

namespace xeras {

namespace {

// True for the bytes 10xxxxxx, which in UTF-8 continue a character.
bool is_within_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string_view whole_characters(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_within_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string shown(std::string_view text, std::size_t longest) {
  std::string line(whole_characters(text, longest));
  const bool is_whole = line.size() == text.size();
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return is_whole ? line : line + "...";
}

std::string ends_of(std::string message) {
  constexpr std::size_t longest = 2000, half = 800;
  if (message.size() <= longest) return message;
  std::size_t end = message.size() - half;
  while (end < message.size() && is_within_character(message[end])) ++end;
  return shown(message, half) + message.substr(end);
}

}  // namespace xeras
