#pragma once

#include <set>
#include <string>
#include <string_view>

#include "xeras/core/value.hpp"

// Changes to configurations that are read.
namespace xeras::io {

Value* find(Value::Dict& dict, std::string_view key);
void set(Value::Dict& dict, const std::string& key, Value value);
void rename(Value::Dict& dict, std::string_view from, std::string_view to);
void erase(Value::Dict& dict, const std::set<std::string>& keys);

// The class_name of {"class_name", "config"}, or "".
std::string class_of(const Value& object);
// Its config, or null where that is no dictionary.
Value::Dict* arguments_of(Value& object);

// A number that is 0.
bool is_zero(const Value& value);

// For messages: one line of at most 80 letters.
std::string shortened(const Value& value);

// FileError: `<place>: <value>; expected <expected>.`
[[noreturn]] void refuse(const std::string& place, const Value& value, const std::string& expected);

}  // namespace xeras::io
