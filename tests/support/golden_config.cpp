#include "support/golden_config.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "xeras/core/error.hpp"

namespace xeras::testing {
namespace {

using nlohmann::json;

// What Keras writes and the library may not have, and the one value that means the same as not having it.
const std::map<std::string, Value>& dropped() {
  static const std::map<std::string, Value> table{
      {"activity_regularizer", {}}, {"data_format", "channels_last"},
      {"input_axes", {}},           {"output_axes", {}},
      {"quantization_config", {}},  {"renorm", false},
      {"renorm_clipping", {}},      {"renorm_momentum", 0.99},
      {"return_state", false},      {"seed", {}},
      {"synchronized", false},      {"unroll", false},
  };
  return table;
}

bool is_float32(const json& dtype) {
  return dtype == "float32" || (dtype.is_object() && dtype.at("config").at("name") == "float32");
}

}  // namespace

Value value_from_keras(const json& from) {
  if (from.is_null()) return {};
  if (from.is_boolean()) return from.get<bool>();
  if (from.is_number_integer()) return from.get<std::int64_t>();
  if (from.is_number()) return from.get<double>();
  if (from.is_string()) return from.get<std::string>();
  if (from.is_array()) {
    Value::List list;
    for (const json& entry : from) {
      if (entry.is_object() && entry.value("class_name", "") == "InputLayer") continue;
      list.push_back(value_from_keras(entry));
    }
    return list;
  }
  const bool is_object_of_keras = from.contains("class_name") && from.contains("config");
  Value::Dict dict;
  for (const auto& [key, entry] : from.items()) {
    const bool is_bookkeeping = key == "module" || key == "registered_name" || key == "build_config";
    if (is_object_of_keras && (is_bookkeeping || (key == "compile_config" && entry.empty()))) continue;
    if (key == "build_input_shape") continue;
    if (key == "dtype" && is_float32(entry)) continue;
    if (key == "noise_shape" && entry.is_null()) continue;  // here a shape without axes
    dict.emplace_back(key, value_from_keras(entry));
  }
  return dict;
}

void check_taken(const Value& given, const Value& taken, const std::string& path) {
  const auto* dict = given.get_if<Value::Dict>();
  const auto* list = given.get_if<Value::List>();
  const auto* taken_list = taken.get_if<Value::List>();
  if (dict != nullptr && taken.get_if<Value::Dict>() != nullptr) {
    for (const auto& [key, entry] : *dict) {
      const std::string place = path + "." + key;
      if (const Value* found = taken.find(key)) {
        check_taken(entry, *found, place);
        continue;
      }
      const auto default_value = dropped().find(key);
      if (default_value == dropped().end() || !(default_value->second == entry)) {
        throw FileError(fmt::format("{}: {}; expected an argument that the class has.", place, entry.to_string()));
      }
    }
  } else if (list != nullptr && taken_list != nullptr && list->size() == taken_list->size()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      check_taken((*list)[i], (*taken_list)[i], fmt::format("{}[{}]", path, i));
    }
  } else if (list != nullptr && list->size() == 1 && taken_list == nullptr) {
    check_taken(list->front(), taken, path + "[0]");  // one axis is as good as a list of it
  } else if (!(given == taken) && !(given.get_if<std::string>() != nullptr && taken.find("class_name") != nullptr)) {
    throw FileError(fmt::format("{}: {} became {}.", path, given.to_string(), taken.to_string()));
  }
}

AnyLayer layer_from_value(const Value& value, const std::string& path) {
  AnyLayer layer;
  from_value(value, layer, path);
  check_taken(value, to_value(layer), path);
  return layer;
}

AnyLayer layer_from_keras(const std::string& text) {
  return layer_from_value(value_from_keras(json::parse(text)), "layer");
}

}  // namespace xeras::testing
