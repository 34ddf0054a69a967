#pragma once

#include <string>

// Configurations as Keras writes them.
namespace xeras::testing {

// Returns a Dense(3) with these additional arguments, each after a comma.
inline std::string dense(const std::string& arguments) {
  return R"({"module": "keras.layers", "class_name": "Dense", "config": {"units": 3)" + arguments +
         R"(}, "registered_name": null})";
}

// Returns a Sequential of these layers, separated by commas.
inline std::string model_of(const std::string& layers) {
  return R"({"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [)" + layers + "]}}";
}

}  // namespace xeras::testing
