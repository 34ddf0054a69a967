#pragma once

#include "models/sequential_state.hpp"

namespace xeras {

// How files put models together and take them apart.
struct SequentialParts {
  static Sequential::State& state(Sequential& model) { return model.state(); }
  static const Sequential::State& state(const Sequential& model) { return model.state(); }

  // Appends a layer and names it, but builds nothing.
  static void append(Sequential& model, AnyLayer layer) { model.append(std::move(layer)); }

  static void build(Sequential& model, const Spec& input) { model.build_all(input); }
  // Builds for weights that a file brings: so many floats at most, and none are drawn at random.
  static void build(Sequential& model, const Spec& input, std::int64_t weights_in_file);
};

}  // namespace xeras
