#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "xeras/layers/layer.hpp"

namespace xeras::testing {

// A configuration as Keras writes it, as one of the library: objects lose their module, and what says where and how
// large they once were goes.
Value value_from_keras(const nlohmann::json& from);

// Every key that was given must be one of the object that it made, with the same value; or the library must lack it,
// and it holds what means the same. FileError otherwise: nothing is accepted and ignored.
void check_taken(const Value& given, const Value& taken, const std::string& path);

// The layer of {"class_name", "config"}, checked as above.
AnyLayer layer_from_value(const Value& value, const std::string& path);

// The layer of {"module", "class_name", "config", ...}, as text.
AnyLayer layer_from_keras(const std::string& json);

}  // namespace xeras::testing
