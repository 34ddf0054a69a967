#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API UpSampling1DOptions {
  Count size = 2;
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(UpSampling1DOptions, size, input_shape, name, trainable)

/// Repeats every step size times.
///
/// Input   (batch, time, features)
/// Output  (batch, time * size, features)
/// Mask    not supported
/// Throws  InvalidArgument unless size > 0
/// Source  keras.layers.UpSampling1D
class XERAS_API UpSampling1D final : public LayerWith<UpSampling1DOptions> {
 public:
  /// UpSampling1D(3) is UpSampling1D({.size = 3}).
  template <std::integral I>
  explicit UpSampling1D(I size) : UpSampling1D(UpSampling1DOptions{.size = size}) {}
  explicit UpSampling1D(UpSampling1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(UpSampling1D)
