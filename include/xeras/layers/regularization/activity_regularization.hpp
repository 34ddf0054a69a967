#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API ActivityRegularizationOptions {
  double l1 = 0.0;
  double l2 = 0.0;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ActivityRegularizationOptions, l1, l2, input_shape, name, trainable)

/// Returns its input unchanged, and adds a penalty on it to the loss.
///
/// penalty = (l1 * sum |x| + l2 * sum x^2) / batch size
/// Example Sequential model{InputLayer({8}), Dense(16), ActivityRegularization({.l2 = 1e-4})};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on; masked steps count in the penalty, as in Keras
/// Throws  InvalidArgument unless l1 and l2 are finite and >= 0
/// Source  keras.layers.ActivityRegularization
class XERAS_API ActivityRegularization final : public LayerWith<ActivityRegularizationOptions> {
 public:
  explicit ActivityRegularization(ActivityRegularizationOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool) const override { return true; }
  void forward(const Call&) const override {}
  void backward(const BackwardCall&) const override {}
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(ActivityRegularization)
