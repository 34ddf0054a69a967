#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// UTF-8 and lower case; the library uses utf8proc only here and in text/unicode.
namespace xeras::text {

struct CodePoint {
  char32_t value = 0;      ///< U+FFFD if the bytes are not UTF-8
  std::size_t length = 0;  ///< in bytes
  bool is_valid = true;
};

// U+0130 is the only letter whose lower case is two code points: i, and a dot above.
inline constexpr char32_t capital_dotted_i = 0x130, dot_above = 0x307;

/// Returns the code point that begins at a byte. An invalid sequence counts as one code point up to its longest prefix
/// that could begin a valid one (Unicode 15, section 3.9, "maximal subpart"), as in Python.
CodePoint code_point_at(std::string_view text, std::size_t at);

/// Returns the position of the first byte that is not UTF-8, or npos.
std::size_t find_invalid(std::string_view text);

/// Returns the text with U+FFFD in place of invalid bytes.
std::string replace_invalid(std::string_view text);

/// Appends a valid text in lower case, as Python's str.lower(): U+0130 becomes two code points, and a capital sigma at
/// the end of a word becomes the small final one (Unicode 15, section 3.13, Final_Sigma).
void append_lower(std::string_view text, std::string& result);

}  // namespace xeras::text
