#pragma once

#include <algorithm>

#include "models/sequential_state.hpp"

namespace xeras {

// Access to the parts of a Sequential, for the code that reads and writes files.
struct SequentialParts {
  static Sequential::State& state(Sequential& model) { return model.state(); }
  static const Sequential::State& state(const Sequential& model) { return model.state(); }

  // Appends and names a layer without building it.
  static void append(Sequential& model, AnyLayer layer) { model.append(std::move(layer)); }

  static void build(Sequential& model, const Spec& input) { model.build_all(input); }
  // Builds with limits for a file with this many floats of weights. Files hold no states: a few MiB are always allowed.
  static void build(Sequential& model, const Spec& input, std::int64_t weights_in_file) {
    model.build_all(input, {weights_in_file, std::max(weights_in_file, std::int64_t{1} << 22)});
  }
};

}  // namespace xeras
