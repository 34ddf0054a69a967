#pragma once

#include <string>
#include <string_view>

#include "xeras/core/value.hpp"

namespace xeras::io {

// Parses JSON; `where` begins the messages. Throws FileError for invalid JSON (including NaN and Infinity), for a
// repeated key, and for values that are nested deeper than any model.
Value parse_json(std::string_view text, const std::string& where);

// Returns one line of JSON. Throws FileError for strings that are not UTF-8 and for numbers that JSON lacks.
std::string write_json(const Value& value, const std::string& where);

// Returns the text under a key of a dictionary, or null.
const std::string* text_at(const Value& dict, std::string_view key);

}  // namespace xeras::io
