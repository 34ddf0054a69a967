#pragma once

#include "xeras/losses/from_functions.hpp"
#include "xeras/losses/hinge.hpp"
#include "xeras/losses/loss.hpp"
#include "xeras/losses/probabilistic.hpp"
#include "xeras/losses/regression.hpp"
#include "xeras/losses/segmentation.hpp"
#include "xeras/losses/sequence.hpp"
#include "xeras/losses/similarity.hpp"

/// Loss functions: what training minimizes. compile takes one by name ("mse", "binary_crossentropy", ...) or as an
/// object. In the formulas y is a target and p a prediction; mean and sum run over the columns of a row; epsilon is
/// 1e-7. Constructors throw InvalidArgument for an invalid option. Source: keras.losses.
