#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct GaussianDropoutOptions {
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GaussianDropoutOptions, seed, input_shape, name, trainable)

struct XERAS_API GaussianDropoutConfig {
  double rate = 0.0;
  GaussianDropoutOptions options = {};
};
XERAS_FIELDS(GaussianDropoutConfig, rate, options)

/// Multiplies each element in training by normal noise of mean 1 and the variance of Dropout of the same rate.
///
/// output = input * (1 + sqrt(rate / (1 - rate)) * z), z standard normal
/// Example Sequential model{InputLayer({8}), Dense(16), GaussianDropout(0.2)};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless 0 <= rate < 1 (Keras accepts 1, and divides by 0 in training)
/// Source  keras.layers.GaussianDropout
class XERAS_API GaussianDropout final : public LayerWith<GaussianDropoutConfig> {
 public:
  GaussianDropout(double rate, GaussianDropoutOptions options = {})
      : GaussianDropout(GaussianDropoutConfig{rate, std::move(options)}) {}
  explicit GaussianDropout(GaussianDropoutConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool training) const override { return !training || config().rate == 0.0; }
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(GaussianDropout)
