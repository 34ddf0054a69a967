#pragma once

#include <string>
#include <string_view>

// Text of users in a picture: names of layers, scores, classes and words.
namespace xeras::plots {

// Returns the text for XML, on one line: escaped, and with U+FFFD in place of what is not UTF-8 or not allowed there.
std::string escaped(std::string_view text);

// Returns the approximate width of a line in a sans-serif font. The fonts of viewers differ, so this is the width in a
// wide one.
double width_of(std::string_view text, double size);

// Returns the text, or as many of its first characters as fit into the width, followed by "…".
std::string shortened(std::string_view text, double size, double width);

}  // namespace xeras::plots
