#include "io/dtype_policy.hpp"

#include <fmt/format.h>

#include <set>

#include "io/config_edit.hpp"
#include "io/json.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// Returns the name in "mixed_float16" or {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}, or null.
const std::string* name_of(const Value& dtype) {
  const Value* config = dtype.find("config");
  return config != nullptr ? text_at(*config, "name") : dtype.get_if<std::string>();
}

bool has_float32_counterpart(const Value& dtype) {
  static const auto& names =
      *new std::set<std::string>{"mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"};
  const std::string* name = name_of(dtype);
  return name != nullptr && names.contains(*name);
}

}  // namespace

void check_dtype(const Value& dtype, const std::string& place) {
  static const auto& known = *new std::set<std::string>{"float32", "int32", "int64"};
  const std::string* name = name_of(dtype);
  if (dtype.is_null() || (name != nullptr && known.contains(*name))) return;
  if (!has_float32_counterpart(dtype)) refuse(place, dtype, "float32, the precision that xeras supports");
  throw FileError(
      fmt::format("{}: {}; expected float32, the precision that xeras supports. With .dtype = \"float32\" the model "
                  "loads in that precision.",
                  place, shortened(dtype)));
}

Value as_float32(const Value& config) {
  if (const auto* list = config.get_if<Value::List>()) {
    Value::List result;
    for (const Value& item : *list) result.push_back(as_float32(item));
    return result;
  }
  const auto* dict = config.get_if<Value::Dict>();
  if (dict == nullptr) return config;
  // Scaling the loss keeps gradients in half precision from underflowing; it changes none in float32.
  if (const Value* inner = config.find("config");
      inner != nullptr && class_of(config).starts_with("LossScaleOptimizer")) {
    if (const Value* optimizer = inner->find("inner_optimizer")) return as_float32(*optimizer);
  }
  Value::Dict result;
  for (const auto& [key, entry] : *dict) {
    const bool is_dtype = key == "dtype" || key == "dtype_policy";
    result.emplace_back(key, is_dtype && has_float32_counterpart(entry) ? Value("float32") : as_float32(entry));
  }
  return result;
}

}  // namespace xeras::io
