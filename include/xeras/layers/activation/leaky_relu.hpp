#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API LeakyReLUOptions {
  double negative_slope = 0.3;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(LeakyReLUOptions, negative_slope, input_shape, name, trainable)

/// A relu with a slope for negative inputs: x, or negative_slope * x where x < 0.
///
/// Example Sequential model{InputLayer({8}), Dense(16), LeakyReLU(0.1)};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless negative_slope >= 0
/// Source  keras.layers.LeakyReLU
class XERAS_API LeakyReLU final : public LayerWith<LeakyReLUOptions> {
 public:
  explicit LeakyReLU(LeakyReLUOptions options = {});
  template <Number N>
  explicit LeakyReLU(N negative_slope)
      : LeakyReLU(LeakyReLUOptions{.negative_slope = static_cast<double>(negative_slope)}) {}

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(LeakyReLU)
