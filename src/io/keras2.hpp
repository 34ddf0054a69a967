#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// The version of Keras that wrote a file: "2.2.4", "2.2.4-tf", "2.15.0", "3.15.1".
struct KerasVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;
  bool is_tensorflow = false;  // written by tf.keras, whose Keras 2 differs from the package "keras"
};
inline constexpr KerasVersion latest_version{3, 0, 0, true};
// Parses a version. Throws FileError for an invalid or unknown one.
KerasVersion parse_version(const std::string& text, const std::string& where);

// Converts the {"class_name", "config"} of a Keras 2 model to the form of Keras 3: adds the defaults of that time, and
// renames what had another meaning. Throws FileError for what Keras 3 cannot express.
Value upgrade_model(const Value& model, const KerasVersion& version);

}  // namespace xeras::io
