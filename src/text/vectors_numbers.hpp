#pragma once

#include <cstddef>
#include <string_view>

// The numbers of a line of text, which is a word and its vector.
namespace xeras::text {

inline bool is_space(char c) { return c == ' ' || c == '\t'; }

// Returns a text without spaces and carriage returns at its end.
std::string_view trim_end(std::string_view text);

// Reads a decimal number at `from`, correctly rounded to a float: a number too small for a float becomes 0, one that is
// too large, infinity. Returns the position behind it, or null if there is none.
const char* read_float(const char* from, const char* end, float& value);

// Returns how many numbers end a line, of all fields but the first.
std::size_t count_trailing_numbers(std::string_view line);

enum class LineFault { none, too_few, not_a_number, not_finite };

// Splits a line, without spaces at its end, into a word and `dim` numbers, separated by spaces or tabs. The word may
// contain spaces itself, as in ". . . 0.1 0.2".
struct SplitLine {
  std::string_view word;
  LineFault fault = LineFault::none;
  std::size_t fields = 0;    // behind the word; set for too_few
  std::string_view culprit;  // the field that is not a number, or not finite
};
SplitLine split_line(std::string_view line, std::size_t dim, float* numbers);
// Returns only the word, or an empty one for a line with too few fields.
std::string_view word_of_line(std::string_view line, std::size_t dim);

}  // namespace xeras::text
