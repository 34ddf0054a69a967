#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct GaussianNoiseOptions {
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GaussianNoiseOptions, seed, input_shape, name, trainable)

struct XERAS_API GaussianNoiseConfig {
  double stddev = 0.0;
  GaussianNoiseOptions options = {};
};
XERAS_FIELDS(GaussianNoiseConfig, stddev, options)

/// Adds normal noise of mean 0 to each element in training.
///
/// output = input + stddev * z, z standard normal
/// Example Sequential model{InputLayer({8}), GaussianNoise(0.1), Dense(16)};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on; masked steps get noise as well
/// Throws  InvalidArgument unless 0 <= stddev <= 1
/// Source  keras.layers.GaussianNoise
class XERAS_API GaussianNoise final : public LayerWith<GaussianNoiseConfig> {
 public:
  GaussianNoise(double stddev, GaussianNoiseOptions options = {})
      : GaussianNoise(GaussianNoiseConfig{stddev, std::move(options)}) {}
  explicit GaussianNoise(GaussianNoiseConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool training) const override { return !training || config().stddev == 0.0; }
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(GaussianNoise)
