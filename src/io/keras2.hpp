#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// Which Keras wrote a file: "2.2.4", "2.2.4-tf", "2.15.0", "3.15.1".
struct KerasVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;
  bool is_tensorflow = false;  // tf.keras, whose Keras 2 is not that of the package "keras"
};
inline constexpr KerasVersion latest_version{3, 0, 0, true};
// FileError for what is no version, and for versions that are not known.
KerasVersion parse_version(const std::string& text, const std::string& where);

// {"class_name", "config"} of a model that Keras 2 wrote, in Keras 3's words: what was a default then is said, and what
// had another meaning gets a name of its own. Raises FileError for what cannot be said.
Value upgrade_model(const Value& model, const KerasVersion& version);

}  // namespace xeras::io
