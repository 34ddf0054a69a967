#pragma once

#include "xeras/optimizers/adadelta.hpp"
#include "xeras/optimizers/adafactor.hpp"
#include "xeras/optimizers/adagrad.hpp"
#include "xeras/optimizers/adam.hpp"
#include "xeras/optimizers/adamax.hpp"
#include "xeras/optimizers/adamw.hpp"
#include "xeras/optimizers/ftrl.hpp"
#include "xeras/optimizers/lamb.hpp"
#include "xeras/optimizers/lion.hpp"
#include "xeras/optimizers/muon.hpp"
#include "xeras/optimizers/nadam.hpp"
#include "xeras/optimizers/rmsprop.hpp"
#include "xeras/optimizers/schedule_free_adamw.hpp"
#include "xeras/optimizers/sgd.hpp"
#include "xeras/schedules.hpp"

/// Optimizers: how gradients change weights. compile takes one by name ("adam", "adamw", "sgd") or as an object. In the
/// formulas g is the gradient and w the weights.
namespace xeras::optimizers {

/// Returns the optimizer of this name: optimizers::get("adam").
XERAS_API Named<Optimizer> get(std::string_view name);

}  // namespace xeras::optimizers
