#pragma once

#include "xeras/optimizers/adam.hpp"
#include "xeras/optimizers/rmsprop.hpp"
#include "xeras/optimizers/sgd.hpp"
#include "xeras/schedules.hpp"

/// Optimizers: how gradients change weights. compile takes one by name ("sgd", "rmsprop", "adam") or as an object. In
/// the formulas g is the gradient and w the weights.
namespace xeras::optimizers {

/// Returns the optimizer of this name: optimizers::get("adam").
XERAS_API Named<Optimizer> get(std::string_view name);

}  // namespace xeras::optimizers
