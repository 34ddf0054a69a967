#pragma once

#include "xeras/optimizers/adam.hpp"
#include "xeras/optimizers/rmsprop.hpp"
#include "xeras/optimizers/sgd.hpp"
#include "xeras/schedules.hpp"

/// How gradients change weights. By name ("sgd", "rmsprop", "adam") or by object. In the formulas g is the gradient and
/// w the weights.
namespace xeras::optimizers {

XERAS_API Named<Optimizer> get(std::string_view name);

}  // namespace xeras::optimizers
