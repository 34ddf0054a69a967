#pragma once

#include "models/compiled.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// Configurations as Keras 3 writes them.

// The arguments of the InputLayer of a model that takes this shape, the batch included.
Value input_arguments(const Shape& shape, const std::string& name, const std::string& dtype);

// Losses and metrics by the names they were given by; or all as objects, since Keras cannot read its own names in older
// files ("mse").
enum class Spelling { as_given, objects };
Value compile_to_keras(const Compiled& compiled, Spelling spelling);

// A model that is built, so that the shape of its input is known, or one that is not; with what compile set, unless
// that is null.
Value model_to_keras(const Sequential& model, const Compiled* compiled);

}  // namespace xeras::io
