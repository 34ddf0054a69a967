#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API ELUOptions {
  double alpha = 1.0;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ELUOptions, alpha, input_shape, name, trainable)

/// The exponential linear unit: x, or alpha * (exp(x) - 1) where x < 0.
///
/// Example Sequential model{InputLayer({8}), Dense(16), ELU(0.5)};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless alpha is finite
/// Source  keras.layers.ELU
class XERAS_API ELU final : public LayerWith<ELUOptions> {
 public:
  explicit ELU(ELUOptions options = {});
  template <Number N>
  explicit ELU(N alpha) : ELU(ELUOptions{.alpha = static_cast<double>(alpha)}) {}

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(ELU)
