#pragma once

#include <string>
#include <string_view>

#include "xeras/core/value.hpp"

namespace xeras::io {

// `where` begins the messages. Throws FileError for text that is no JSON (NaN and Infinity are none), for a key that
// comes twice, and for values that are nested deeper than models are.
Value parse_json(std::string_view text, const std::string& where);

// One line. Throws FileError for strings that are not UTF-8 and numbers that JSON lacks.
std::string write_json(const Value& value, const std::string& where);

// The text under a key of a dictionary, or null.
const std::string* text_at(const Value& dict, std::string_view key);

}  // namespace xeras::io
