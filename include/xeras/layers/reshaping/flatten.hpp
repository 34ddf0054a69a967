#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API FlattenOptions {
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(FlattenOptions, input_shape, name, trainable)

/// Lays all axes but the batch out in one.
///
/// Input   (batch, ...)
/// Output  (batch, product of the other axes); None where one of them is not known
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
