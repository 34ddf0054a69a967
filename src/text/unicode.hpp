#pragma once

#include <cstdint>
#include <string>
#include <vector>

// Properties of code points, by utf8proc (Unicode 14 with its release in Debian 12).
namespace xeras::text {

enum class CharacterClass : std::uint8_t { letter, number, space, other };

/// Returns the class of a code point in regular expressions: \p{L}, \p{N}, \s, or none of these.
CharacterClass class_of(char32_t point);

/// Tests Unicode's property White_Space.
bool is_white_space(char32_t point);
/// Tests the categories Cc, Cf and Co.
bool is_control_or_format(char32_t point);
/// Tests the categories P*, and ASCII's punctuation and symbols.
bool is_punctuation(char32_t point);
/// Tests the category Mn.
bool is_nonspacing_mark(char32_t point);
/// Tests for the blocks of CJK ideographs that BERT lists.
bool is_cjk_ideograph(char32_t point);
/// Returns the lower case of a code point by itself, without that of U+0130, which is two.
char32_t lower_of(char32_t point);

/// Appends a code point as UTF-8.
void append_utf8(char32_t point, std::string& text);

/// Replaces code points by their canonical decomposition (NFD).
void decompose(std::vector<char32_t>& points);

}  // namespace xeras::text
