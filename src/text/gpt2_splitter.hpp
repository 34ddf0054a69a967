#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "text/unicode.hpp"
#include "text/utf8.hpp"

// GPT-2's regular expression, without a library for these:
//
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
namespace xeras::text {

namespace gpt2 {

inline constexpr std::array<CharacterClass, 128> ascii_classes = [] {
  std::array<CharacterClass, 128> classes{};
  for (unsigned c = 0; c < 128; ++c) {
    const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    classes[c] = is_letter              ? CharacterClass::letter
                 : c >= '0' && c <= '9' ? CharacterClass::number
                 : is_space             ? CharacterClass::space
                                        : CharacterClass::other;
  }
  return classes;
}();

struct Character {
  CharacterClass kind;
  std::size_t length;
};

inline Character character_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {ascii_classes[byte], 1};
  const CodePoint point = code_point_at(text, at);
  return {class_of(point.value), point.length};
}

// Returns the end of the characters of one class that begin at `at`.
inline std::size_t end_of(CharacterClass kind, std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (character.kind != kind) break;
    at += character.length;
  }
  return at;
}

// Returns the length of an English contraction at an apostrophe, or 0.
inline std::size_t contraction_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1, 2);
  if (rest.empty()) return 0;
  if (rest[0] == 's' || rest[0] == 't' || rest[0] == 'm' || rest[0] == 'd') return 2;
  return rest == "re" || rest == "ve" || rest == "ll" ? 3 : 0;
}

}  // namespace gpt2

/// Calls f(word) for each match in a text, which is UTF-8. The words cover the whole text.
template <class F>
void each_gpt2_word(std::string_view text, const F& f) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text[at] == '\'' ? at + gpt2::contraction_at(text, at) : at;
    if (end == at) {
      gpt2::Character first = gpt2::character_at(text, at);
      std::size_t begin = at;
      if (text[at] == ' ' && at + 1 < text.size()) {
        const gpt2::Character second = gpt2::character_at(text, at + 1);
        if (second.kind != CharacterClass::space) {
          first = second;
          ++begin;
        }
      }
      end = gpt2::end_of(first.kind, text, begin + first.length);
      if (first.kind == CharacterClass::space && end < text.size()) {
        // The last space of several belongs to the word after it, or stands alone.
        std::size_t last = end - 1;
        while ((static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
        if (last > at) end = last;
      }
    }
    f(text.substr(at, end - at));
    at = end;
  }
}

}  // namespace xeras::text
