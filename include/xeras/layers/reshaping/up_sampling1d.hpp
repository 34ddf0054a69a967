#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API UpSampling1DOptions {
  Count size = 2;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(UpSampling1DOptions, size, input_shape, name, trainable)

/// Repeats each step `size` times.
///
/// Example Sequential model{InputLayer({10, 8}), UpSampling1D(2)};
///         model.output_shape();  // (None, 20, 8)
/// Input   (batch, time, features)
/// Output  (batch, time * size, features)
/// Mask    not supported
/// Throws  InvalidArgument unless size > 0
/// Source  keras.layers.UpSampling1D
class XERAS_API UpSampling1D final : public LayerWith<UpSampling1DOptions> {
 public:
  template <std::integral I>
  explicit UpSampling1D(I size) : UpSampling1D(UpSampling1DOptions{.size = size}) {}
  explicit UpSampling1D(UpSampling1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(UpSampling1D)
