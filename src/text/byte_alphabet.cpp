#include "text/byte_alphabet.hpp"

#include <array>

#include "text/utf8.hpp"

namespace xeras::text {
namespace {

constexpr bool is_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr char32_t first_other = 0x100;

struct Alphabet {
  std::array<char32_t, 256> characters{};
  std::array<unsigned char, 256> others{};  // the bytes for U+0100 and following
  std::size_t num_others = 0;
};

constexpr Alphabet alphabet = [] {
  Alphabet result;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (is_itself(byte)) {
      result.characters[byte] = byte;
    } else {
      result.characters[byte] = first_other + static_cast<char32_t>(result.num_others);
      result.others[result.num_others++] = static_cast<unsigned char>(byte);
    }
  }
  return result;
}();

}  // namespace

std::string spell_byte(unsigned char byte) {
  const char32_t point = alphabet.characters[byte];
  if (point < 0x80) return std::string(1, static_cast<char>(point));
  return {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
}

std::optional<std::string> spelled_bytes(std::string_view token) {
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const CodePoint point = code_point_at(token, at);
    at += point.length;
    if (point.value < 0x100) {
      if (!is_itself(static_cast<unsigned>(point.value))) return std::nullopt;
      bytes += static_cast<char>(static_cast<unsigned char>(point.value));
    } else if (point.value - first_other < alphabet.num_others) {
      bytes += static_cast<char>(alphabet.others[point.value - first_other]);
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace xeras::text
