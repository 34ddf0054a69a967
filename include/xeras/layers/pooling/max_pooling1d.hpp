#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API MaxPooling1DOptions {
  Steps pool_size = 2;
  std::optional<Steps> strides = {};  ///< unless given, pool_size
  std::string padding = "valid";      ///< or "same"
  std::optional<std::string> data_format = "channels_last";
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(MaxPooling1DOptions, pool_size, strides, padding, data_format, input_shape, name, trainable)

/// The maximum of every pool_size steps. A NaN among them wins.
///
/// Input   (batch, time, features)
/// Output  (batch, steps, features), where steps is
///         valid  (time - pool_size) / strides + 1, rounded down
///         same   time / strides, rounded up
/// Mask    not supported
/// Throws  InvalidArgument for options that cannot be; ShapeError when time is too short, which is InvalidInput where
///         only the data tells
/// Source  keras.layers.MaxPooling1D (channels_last)
class XERAS_API MaxPooling1D final : public LayerWith<MaxPooling1DOptions> {
 public:
  /// MaxPooling1D(4) is MaxPooling1D({.pool_size = 4}).
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
