#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API FlattenOptions {
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(FlattenOptions, input_shape, name, trainable)

/// Joins all axes except the batch into one.
///
/// Example Sequential model{InputLayer({10, 8}), Flatten()};
///         model.output_shape();  // (None, 80)
/// Input   (batch, ...)
/// Output  (batch, product of the other axes), or None if one of them is None
/// Mask    not supported
/// Source  keras.layers.Flatten
class XERAS_API Flatten final : public LayerWith<FlattenOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool) const override { return true; }
  void forward(const Call&) const override {}
  void backward(const BackwardCall&) const override {}
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Flatten)
