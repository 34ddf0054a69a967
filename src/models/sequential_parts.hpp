#pragma once

#include <algorithm>

#include "models/sequential_state.hpp"

namespace xeras {

// How files put models together and take them apart.
struct SequentialParts {
  static Sequential::State& state(Sequential& model) { return model.state(); }
  static const Sequential::State& state(const Sequential& model) { return model.state(); }

  // Appends a layer and names it, but builds nothing.
  static void append(Sequential& model, AnyLayer layer) { model.append(std::move(layer)); }

  static void build(Sequential& model, const Spec& input) { model.build_all(input); }
  // Builds for a file whose weights have this many floats. States are in no file: a few MiB are always allowed.
  static void build(Sequential& model, const Spec& input, std::int64_t weights_in_file) {
    model.build_all(input, {weights_in_file, std::max(weights_in_file, std::int64_t{1} << 22)});
  }
};

}  // namespace xeras
