#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct AlphaDropoutOptions {
  Shape noise_shape = {};  ///< with the batch; None: the input's size; 1: one draw for the whole axis
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(AlphaDropoutOptions, noise_shape, seed, input_shape, name, trainable)

struct XERAS_API AlphaDropoutConfig {
  double rate = 0.0;
  AlphaDropoutOptions options = {};
};
XERAS_FIELDS(AlphaDropoutConfig, rate, options)

/// Dropout for selu networks. In training, sets each element to alpha = -1.7581, which is selu(-infinity), with
/// probability rate, then scales and shifts all so that mean 0 and variance 1 are kept. Does nothing in inference.
///
/// output = a * (alpha or input) + b, a = ((1 - rate) * (1 + rate * alpha^2))^-1/2, b = -a * alpha * rate
/// Example Sequential model{InputLayer({8}), Dense(16, {.activation = "selu"}), AlphaDropout(0.1)};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless 0 <= rate < 1 (Keras accepts 1, and divides by 0 in training); ShapeError if
///         noise_shape does not match the input; InvalidInput if a training batch has another size than noise_shape
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
