#pragma once

// Just enough Unicode for the words of western Europe: UTF-8 input and output, lower case, a test for letters.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace example {

/// Returns the code points of a text; std::nullopt if it is not UTF-8.
inline std::optional<std::u32string> from_utf8(std::string_view text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int more = lead < 0x80 ? 0 : lead >> 5 == 0b110 ? 1 : lead >> 4 == 0b1110 ? 2 : lead >> 3 == 0b11110 ? 3 : -1;
    if (more < 0) return std::nullopt;
    char32_t point = more == 0 ? lead : lead & (0x3F >> more);
    for (int k = 0; k < more; ++k, ++i) {
      if (i == text.size() || (text[i] & 0xC0) != 0x80) return std::nullopt;
      point = point << 6 | (text[i] & 0x3F);
    }
    // Each length begins where the shorter one ends; surrogates are not characters.
    constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    if (point < smallest[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return std::nullopt;
    points += point;
  }
  return points;
}

/// Returns the code points of a text in ISO-8859-1, where each byte is one.
inline std::u32string from_latin1(std::string_view text) {
  std::u32string points;
  for (const char byte : text) points += static_cast<unsigned char>(byte);
  return points;
}

inline std::string to_utf8(std::u32string_view points) {
  std::string text;
  for (const char32_t point : points) {
    const int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr char32_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(leads[more] | point >> (6 * more));
    for (int k = more - 1; k >= 0; --k) text += static_cast<char>(0x80 | (point >> (6 * k) & 0x3F));
  }
  return text;
}

/// Converts letters of ASCII, Latin-1 and Latin Extended-A to lower case; keeps other characters.
inline char32_t lower_case(char32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= U'À' && c <= U'Þ' && c != U'×')) return c + 32;
  if (c == U'İ') return 'i';
  if (c == U'Ÿ') return U'ÿ';
  // In Extended-A, capital and small letters alternate, with capitals at even numbers or, in two ranges, at odd ones.
  if ((c >= U'Ā' && c <= U'ķ') || (c >= U'Ŋ' && c <= U'ŷ')) return c | 1;
  if ((c >= U'Ĺ' && c <= U'ň') || (c >= U'Ź' && c <= U'ž')) return c + (c & 1);
  return c;
}

inline std::u32string lower_case(std::u32string text) {
  for (char32_t& c : text) c = lower_case(c);
  return text;
}

/// True for small letters of ASCII, Latin-1 and Latin Extended-A.
inline bool is_small_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= U'ß' && c <= U'ÿ' && c != U'÷') || (c >= U'ā' && c <= U'ſ');
}

}  // namespace example
