#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct SpatialDropout1DOptions {
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SpatialDropout1DOptions, seed, input_shape, name, trainable)

struct XERAS_API SpatialDropout1DConfig {
  double rate = 0.0;
  SpatialDropout1DOptions options = {};
};
XERAS_FIELDS(SpatialDropout1DConfig, rate, options)

/// Drops whole features of a sequence: in training, each feature of a sample is set to 0 at all steps with probability
/// rate, or scaled by 1 / (1 - rate). The same as Dropout with noise_shape (None, 1, None).
///
/// Example Sequential model{InputLayer({10, 8}), SpatialDropout1D(0.2)};
///         model.output_shape();  // (None, 10, 8)
/// Input   (batch, time, features)
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless 0 <= rate <= 1
/// Source  keras.layers.SpatialDropout1D
class XERAS_API SpatialDropout1D final : public LayerWith<SpatialDropout1DConfig> {
 public:
  SpatialDropout1D(double rate, SpatialDropout1DOptions options = {})
      : SpatialDropout1D(SpatialDropout1DConfig{rate, std::move(options)}) {}
  explicit SpatialDropout1D(SpatialDropout1DConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool training) const override { return !training || config().rate == 0.0; }
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(SpatialDropout1D)
