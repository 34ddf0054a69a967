#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct ReshapeOptions {
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ReshapeOptions, input_shape, name, trainable)

struct XERAS_API ReshapeConfig {
  std::vector<std::int64_t> target_shape = {};
  ReshapeOptions options = {};
};
XERAS_FIELDS(ReshapeConfig, target_shape, options)

/// Gives every sample another shape with as many elements.
///
/// Input   (batch, ...)
/// Output  (batch, target_shape...); one -1 in it stands for what is left
/// Mask    not supported
/// Throws  InvalidArgument for a target_shape with sizes below -1 or more than one -1; ShapeError when the sizes differ
/// Source  keras.layers.Reshape
class XERAS_API Reshape final : public LayerWith<ReshapeConfig> {
 public:
  Reshape(std::vector<std::int64_t> target_shape, ReshapeOptions options = {})
      : Reshape(ReshapeConfig{std::move(target_shape), std::move(options)}) {}
  explicit Reshape(ReshapeConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  bool passes_input(bool) const override { return true; }
  void forward(const Call&) const override {}
  void backward(const BackwardCall&) const override {}
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Reshape)
