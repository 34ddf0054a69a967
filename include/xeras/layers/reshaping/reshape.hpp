#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct ReshapeOptions {
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ReshapeOptions, input_shape, name, trainable)

struct XERAS_API ReshapeConfig {
  std::vector<std::int64_t> target_shape = {};
  ReshapeOptions options = {};
};
XERAS_FIELDS(ReshapeConfig, target_shape, options)

/// Changes the shape of each sample to another one of the same size.
///
/// Example Sequential model{InputLayer({10, 8}), Reshape({-1, 4})};
///         model.output_shape();  // (None, 20, 4)
/// Input   (batch, ...)
/// Output  (batch, target_shape...); one -1 stands for the remaining size
/// Mask    not supported
/// Throws  InvalidArgument if target_shape has sizes below -1 or more than one -1; ShapeError if the sizes differ
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
