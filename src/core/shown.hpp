#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xeras {

// The most characters of a text that have at most so many bytes together.
std::string_view whole_characters(std::string_view text, std::size_t bytes);

// A name or a value that a user or a file gives, as messages show it: in one line, and not more of it than that has
// room for.
std::string shown(std::string_view text, std::size_t longest = 100);

// A message that a file's own words may have made long: its two ends.
std::string ends_of(std::string message);

}  // namespace xeras
