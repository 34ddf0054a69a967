#pragma once

#include <string>

#include "io/keras2.hpp"

namespace xeras::io {

// What Keras 2 has in training_config, or in the compile_config of a .keras file, as a compile_config of Keras 3.
Value upgrade_training(const Value& training, const KerasVersion& version, const std::string& path);

}  // namespace xeras::io
