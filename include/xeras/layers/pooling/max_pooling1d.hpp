#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API MaxPooling1DOptions {
  Steps pool_size = 2;
  std::optional<Steps> strides = {};  ///< pool_size by default
  std::string padding = "valid";      ///< or "same"
  std::optional<std::string> data_format = "channels_last";
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(MaxPooling1DOptions, pool_size, strides, padding, data_format, input_shape, name, trainable)

/// The maximum of each window of pool_size steps. If a step is NaN, the result is NaN.
///
/// Example Sequential model{InputLayer({10, 8}), MaxPooling1D(2)};
///         model.output_shape();  // (None, 5, 8)
/// Input   (batch, time, features)
/// Output  (batch, steps, features); steps is (time - pool_size) / strides + 1, rounded down, for "valid", and
///         time / strides, rounded up, for "same"
/// Mask    not supported
/// Throws  InvalidArgument for invalid options; ShapeError if time is too short (InvalidInput if time is None)
/// Source  keras.layers.MaxPooling1D (channels_last)
class XERAS_API MaxPooling1D final : public LayerWith<MaxPooling1DOptions> {
 public:
  template <std::integral I>
  explicit MaxPooling1D(I pool_size) : MaxPooling1D(MaxPooling1DOptions{.pool_size = pool_size}) {}
  explicit MaxPooling1D(MaxPooling1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(MaxPooling1D)
