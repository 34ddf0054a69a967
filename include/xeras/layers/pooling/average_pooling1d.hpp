#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API AveragePooling1DOptions {
  Steps pool_size = 2;
  std::optional<Steps> strides = {};  ///< pool_size by default
  std::string padding = "valid";      ///< or "same"
  std::optional<std::string> data_format = "channels_last";
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(AveragePooling1DOptions, pool_size, strides, padding, data_format, input_shape, name, trainable)

/// The mean of each window of pool_size steps. With "same", windows at the ends average only existing steps.
///
/// Example Sequential model{InputLayer({10, 8}), AveragePooling1D(2)};
///         model.output_shape();  // (None, 5, 8)
/// Input   (batch, time, features)
/// Output  (batch, steps, features); steps is (time - pool_size) / strides + 1, rounded down, for "valid", and
///         time / strides, rounded up, for "same"
/// Mask    not supported
/// Throws  InvalidArgument for invalid options; ShapeError if time is too short (InvalidInput if time is None)
/// Source  keras.layers.AveragePooling1D (channels_last); pool_size defaults to 2, as in Keras 2
class XERAS_API AveragePooling1D final : public LayerWith<AveragePooling1DOptions> {
 public:
  template <std::integral I>
  explicit AveragePooling1D(I pool_size) : AveragePooling1D(AveragePooling1DOptions{.pool_size = pool_size}) {}
  explicit AveragePooling1D(AveragePooling1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(AveragePooling1D)
