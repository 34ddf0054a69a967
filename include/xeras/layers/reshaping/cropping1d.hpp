#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct XERAS_API Cropping1DOptions {
  BothEnds cropping = 1;   ///< at each end, or {before, after}
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(Cropping1DOptions, cropping, input_shape, name, trainable)

/// Removes steps at the beginning and at the end.
///
/// Example Sequential model{InputLayer({10, 8}), Cropping1D({1, 2})};
///         model.output_shape();  // (None, 7, 8)
/// Input   (batch, time, features)
/// Output  (batch, time - before - after, features)
/// Mask    not supported
/// Throws  InvalidArgument if cropping is negative; ShapeError if no step is left (InvalidInput if time is None)
/// Source  keras.layers.Cropping1D
class XERAS_API Cropping1D final : public LayerWith<Cropping1DOptions> {
 public:
  explicit Cropping1D(BothEnds cropping) : Cropping1D(Cropping1DOptions{.cropping = cropping}) {}
  explicit Cropping1D(Cropping1DOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Cropping1D)
