#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xeras {

// Returns the longest prefix of whole characters that has at most this many bytes.
std::string_view whole_characters(std::string_view text, std::size_t bytes);

// Returns a name or value from a user or a file in the form that messages show: on one line, cut after `longest` bytes.
std::string shown(std::string_view text, std::size_t longest = 100);

// Shortens a message that may quote long text from a file: keeps its two ends.
std::string ends_of(std::string message);

}  // namespace xeras
