#include "io/config_edit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "io/json.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {

using Dict = Value::Dict;

Value* find(Dict& dict, std::string_view key) {
  const auto found = std::find_if(dict.begin(), dict.end(), [&](const auto& entry) { return entry.first == key; });
  return found != dict.end() ? &found->second : nullptr;
}

void set(Dict& dict, const std::string& key, Value value) {
  if (Value* found = find(dict, key)) {
    *found = std::move(value);
  } else {
    dict.emplace_back(key, std::move(value));
  }
}

void rename(Dict& dict, std::string_view from, std::string_view to) {
  for (auto& [key, value] : dict) {
    if (key == from) key = to;
  }
}

void erase(Dict& dict, const std::set<std::string>& keys) {
  std::erase_if(dict, [&](const auto& entry) { return keys.contains(entry.first); });
}

std::string class_of(const Value& object) {
  const std::string* name = text_at(object, "class_name");
  return name != nullptr ? *name : std::string();
}

Dict* arguments_of(Value& object) {
  Dict* const dict = object.get_if<Dict>();
  Value* const config = dict != nullptr ? find(*dict, "config") : nullptr;
  return config != nullptr ? config->get_if<Dict>() : nullptr;
}

bool is_zero(const Value& value) { return value == Value(0.0) || value == Value(std::int64_t{0}); }

std::string shortened(const Value& value) {
  const std::string text = value.to_string();
  return shown(text, text.size() <= 80 ? 80 : 77);
}

void refuse(const std::string& place, const Value& value, const std::string& expected) {
  throw FileError(fmt::format("{}: {}; expected {}.", place, shortened(value), expected));
}

}  // namespace xeras::io
