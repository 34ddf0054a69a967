#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API ZeroPadding1DOptions {
  BothEnds padding = 1;  ///< at either end, or {before, after}
  std::optional<std::string> data_format = "channels_last";
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ZeroPadding1DOptions, padding, data_format, input_shape, name, trainable)

/// Adds steps of zeros before the first step and after the last.
///
/// Input   (batch, time, features)
/// Output  (batch, before + time + after, features)
/// Mask    not supported
/// Throws  InvalidArgument for a negative padding
/// Source  keras.layers.ZeroPadding1D (channels_last)
class XERAS_API ZeroPadding1D final : public LayerWith<ZeroPadding1DOptions> {
 public:
  /// ZeroPadding1D(2) is ZeroPadding1D({.padding = 2}); ZeroPadding1D({1, 2}) is ZeroPadding1D({.padding = {1, 2}}).
  explicit ZeroPadding1D(BothEnds padding) : ZeroPadding1D(ZeroPadding1DOptions{.padding = padding}) {}
  explicit ZeroPadding1D(ZeroPadding1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(ZeroPadding1D)
