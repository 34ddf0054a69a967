#pragma once

#include "xeras/losses/loss.hpp"
#include "xeras/losses/probabilistic.hpp"
#include "xeras/losses/regression.hpp"

/// The losses, which training minimizes. By name ("mse", "binary_crossentropy", ...) or by object. In the formulas y is
/// a target and p a prediction; mean and sum run over the columns of a row; epsilon is 1e-7. All raise InvalidArgument
/// for an invalid option. Source: keras.losses.
