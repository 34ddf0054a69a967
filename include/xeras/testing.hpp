#pragma once

#include "xeras/losses/loss.hpp"
#include "xeras/models/sequential.hpp"

/// Checks for what you add to the library, to call from your tests. <xeras/xeras.hpp> does not include this header.
namespace xeras::testing {

struct GradientCheckOptions {
  Input sample_weight = {};  ///< as in a call of the loss
  double step = 1e-2;        ///< how far a prediction p moves: step * max(|p|, 0.1), and twice as far; a weight w:
                             ///< step * max(|w|, 1)
  double tolerance = 1e-3;   ///< the largest difference, as a part of the slope or of a tenth of the largest slope
};

/// Compares the gradient that a loss computes with the slopes of the loss itself, for each number of y_pred: with f the
/// loss at a distance of h, 2 h, the slope is (8 (f(h) - f(-h)) - (f(2 h) - f(-2 h))) / (12 h), whose error falls with
/// h^4. Choose predictions at which the loss is smooth for two steps to either side: no corners such as y = p in mae,
/// no probabilities at 0 or 1.
///
///   testing::check_gradient(Quantile({.quantile = 0.9}), {{1.0, 2.0}}, {{0.5, 3.0}});
///
/// Throws  Error with the element, its derivative, the slope and the tolerance where they differ, for a derivative that
///         was not written, and if the loss has another value when it computes no gradient; InvalidArgument for an
///         option that is not positive; InvalidInput as a call of the loss does
XERAS_API void check_gradient(const LossArgument& loss, const Input& y_true, const Input& y_pred,
                              const GradientCheckOptions& options = {});

/// Compares the gradients of all trainable weights of a model with the slopes of its loss, penalties included, for one
/// batch: a check of the `backward` of your layers. To check the gradient that a layer passes back, put it behind a
/// layer with weights. The model remains unchanged. In training it must compute what it computes in inference: leave
/// Dropout and BatchNormalization out.
///
///   Sequential model{Dense(2, {.activation = "tanh", .input_shape = {3}}), Scale({.start = 1.5}), Dense(1)};
///   testing::check_gradient(model, x, y);
///
/// Throws  Error with the weight, its derivative, the slope and the tolerance where they differ; InvalidArgument for an
///         option that is not positive; what train_on_batch throws
XERAS_API void check_gradient(const Sequential& model, const Input& x, const Input& y, const LossArgument& loss = "mse",
                              const GradientCheckOptions& options = {});

}  // namespace xeras::testing
