#pragma once

#include <string>

#include "io/keras2.hpp"

namespace xeras::io {

// Converts the training_config of Keras 2, or the compile_config of a .keras file, to a compile_config of Keras 3.
Value upgrade_training(const Value& training, const KerasVersion& version, const std::string& path);

}  // namespace xeras::io
