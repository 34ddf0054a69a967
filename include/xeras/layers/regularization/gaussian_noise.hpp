#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct GaussianNoiseOptions {
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GaussianNoiseOptions, seed, input_shape, name, trainable)

struct XERAS_API GaussianNoiseConfig {
  double stddev = 0.0;
  GaussianNoiseOptions options = {};
};
XERAS_FIELDS(GaussianNoiseConfig, stddev, options)

/// In training adds normal noise of mean 0 to each element; else does nothing.
///
/// output = input + stddev * z, z standard normal
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
