#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// UTF-8 and lower case: all that the library asks of utf8proc.
namespace xeras::text {

struct CodePoint {
  char32_t value = 0;      ///< U+FFFD where the bytes are not UTF-8
  std::size_t length = 0;  ///< in bytes
  bool is_valid = true;
};

/// The code point that begins at a byte. Of bytes that are not UTF-8, as many as could have begun a valid one count as
/// one (Unicode 15, section 3.9, "maximal subpart"), as in Python.
CodePoint code_point_at(std::string_view text, std::size_t at);

/// The first byte that is not UTF-8, or npos.
std::size_t find_invalid(std::string_view text);

/// With U+FFFD in place of what is not UTF-8.
std::string replace_invalid(std::string_view text);

/// Appends a valid text in lower case, as Python's str.lower(): U+0130 becomes two code points, and a capital sigma at
/// the end of a word the small final one (Unicode 15, section 3.13, Final_Sigma).
void append_lower(std::string_view text, std::string& result);

}  // namespace xeras::text
