#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API Cropping1DOptions {
  BothEnds cropping = 1;   ///< at either end, or {before, after}
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(Cropping1DOptions, cropping, input_shape, name, trainable)

/// Leaves out steps at the beginning and at the end.
///
/// Input   (batch, time, features)
/// Output  (batch, time - before - after, features)
/// Mask    not supported
/// Throws  InvalidArgument for a negative cropping; ShapeError when no step would be left, which is InvalidInput
///         where only the data tells
/// Source  keras.layers.Cropping1D
class XERAS_API Cropping1D final : public LayerWith<Cropping1DOptions> {
 public:
  /// Cropping1D(2) is Cropping1D({.cropping = 2}); Cropping1D({1, 2}) is Cropping1D({.cropping = {1, 2}}).
  explicit Cropping1D(BothEnds cropping) : Cropping1D(Cropping1DOptions{.cropping = cropping}) {}
  explicit Cropping1D(Cropping1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Cropping1D)
