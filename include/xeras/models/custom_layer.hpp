#pragma once

#include "xeras/layers/layer.hpp"

namespace xeras {

/// A factory that creates a user-defined layer from its configuration in a file; see custom_layer.
struct CustomLayer {
  std::string class_name;
  AnyLayer (*make)(const Value& config, const std::string& path);
};

/// Returns the factory of a class derived from LayerWith:
///
///   load_model("m.keras", {.custom_objects = {custom_layer<Scale>()}});
template <class L>
CustomLayer custom_layer() {
  return {class_name_of(typeid(L)), [](const Value& value, const std::string& path) {
            typename L::Config config{};
            from_value(value, config, path);
            return AnyLayer(L(std::move(config)));
          }};
}

}  // namespace xeras
