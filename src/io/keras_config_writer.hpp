#pragma once

#include "models/compiled.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// Writes configurations in the form of Keras 3.

// Returns the arguments of the InputLayer of a model with this input shape, including the batch.
Value input_arguments(const Shape& shape, const std::string& name, const std::string& dtype);

// How to write losses and metrics: by the names that the user gave, or all as objects, because Keras cannot read its
// own names in older files ("mse").
enum class Spelling { as_given, objects };
Value compile_to_keras(const Compiled& compiled, Spelling spelling);

// Writes a model, and the arguments of compile unless `compiled` is null. The input shape is known only if the model is
// built.
Value model_to_keras(const Sequential& model, const Compiled* compiled);

}  // namespace xeras::io
