#pragma once

#include <string>

#include "models/compiled.hpp"

namespace xeras::io {

// What compile would make of the arguments in a file, {"optimizer", "loss", "metrics", "weighted_metrics"} in Keras
// 3's words. As for layers, nothing is ignored.
Compiled compile_from_keras(const Value& config, const std::string& path);

}  // namespace xeras::io
