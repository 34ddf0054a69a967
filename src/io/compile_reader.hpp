#pragma once

#include <string>

#include "models/compiled.hpp"

namespace xeras::io {

// Returns what compile makes of the arguments in a file, {"optimizer", "loss", "metrics", "weighted_metrics"} in the
// form of Keras 3. As with layers, nothing is ignored.
Compiled compile_from_keras(const Value& config, const std::string& path);

}  // namespace xeras::io
