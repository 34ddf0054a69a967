#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct AlphaDropoutOptions {
  Shape noise_shape = {};  ///< with the batch; None: as the input; 1: one draw for the axis
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(AlphaDropoutOptions, noise_shape, seed, input_shape, name, trainable)

struct XERAS_API AlphaDropoutConfig {
  double rate = 0.0;
  AlphaDropoutOptions options = {};
};
XERAS_FIELDS(AlphaDropoutConfig, rate, options)

/// Dropout for networks of selu: in training sets each element to alpha = -1.7581, what selu gives for -infinity, with
/// probability rate, and then scales and moves all so that mean 0 and variance 1 stay so; else does nothing.
///
/// output = a * (alpha or input) + b, a = ((1 - rate) * (1 + rate * alpha^2))^-1/2, b = -a * alpha * rate
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless 0 <= rate < 1 (Keras takes 1, and divides by 0 in training); ShapeError for a
///         noise_shape that does not fit, InvalidInput for a batch in training that is not of the size in it
/// Source  keras.layers.AlphaDropout
class XERAS_API AlphaDropout final : public LayerWith<AlphaDropoutConfig> {
 public:
  AlphaDropout(double rate, AlphaDropoutOptions options = {})
      : AlphaDropout(AlphaDropoutConfig{rate, std::move(options)}) {}
  explicit AlphaDropout(AlphaDropoutConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool training) const override { return !training || config().rate == 0.0; }
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(AlphaDropout)
