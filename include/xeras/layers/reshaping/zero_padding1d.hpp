#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API ZeroPadding1DOptions {
  BothEnds padding = 1;  ///< at each end, or {before, after}
  std::optional<std::string> data_format = "channels_last";
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ZeroPadding1DOptions, padding, data_format, input_shape, name, trainable)

/// Adds steps of zeros before the first step and after the last.
///
/// Example Sequential model{InputLayer({10, 8}), ZeroPadding1D({1, 2})};
///         model.output_shape();  // (None, 13, 8)
/// Input   (batch, time, features)
/// Output  (batch, before + time + after, features)
/// Mask    not supported
/// Throws  InvalidArgument if padding is negative
/// Source  keras.layers.ZeroPadding1D (channels_last)
class XERAS_API ZeroPadding1D final : public LayerWith<ZeroPadding1DOptions> {
 public:
  explicit ZeroPadding1D(BothEnds padding) : ZeroPadding1D(ZeroPadding1DOptions{.padding = padding}) {}
  explicit ZeroPadding1D(ZeroPadding1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(ZeroPadding1D)
