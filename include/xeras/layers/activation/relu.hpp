#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API ReLUOptions {
  std::optional<double> max_value = {};
  double negative_slope = 0.0;
  double threshold = 0.0;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ReLUOptions, max_value, negative_slope, threshold, input_shape, name, trainable)

/// The rectified linear unit: min(x, max_value) where x > threshold, else negative_slope * (x - threshold).
///
/// Example Sequential model{InputLayer({8}), Dense(16), ReLU({.max_value = 6.0})};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument if an option is negative
/// Source  keras.layers.ReLU
class XERAS_API ReLU final : public LayerWith<ReLUOptions> {
 public:
  explicit ReLU(ReLUOptions options = {});
  template <Number N>
  explicit ReLU(N max_value) : ReLU(ReLUOptions{.max_value = static_cast<double>(max_value)}) {}

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(ReLU)
