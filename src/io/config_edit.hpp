#pragma once

#include <set>
#include <string>
#include <string_view>

#include "xeras/core/value.hpp"

// Helpers that edit configurations from files.
namespace xeras::io {

Value* find(Value::Dict& dict, std::string_view key);
void set(Value::Dict& dict, const std::string& key, Value value);
void rename(Value::Dict& dict, std::string_view from, std::string_view to);
void erase(Value::Dict& dict, const std::set<std::string>& keys);

// Returns the class_name of {"class_name", "config"}, or "".
std::string class_of(const Value& object);
// Returns its config, or null if that is not a dictionary.
Value::Dict* arguments_of(Value& object);

// True for the number 0.
bool is_zero(const Value& value);

// Returns a value for messages: one line of at most 80 characters.
std::string shortened(const Value& value);

// Throws FileError: `<place>: <value>; expected <expected>.`
[[noreturn]] void refuse(const std::string& place, const Value& value, const std::string& expected);

}  // namespace xeras::io
