#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API IdentityOptions {
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(IdentityOptions, input_shape, name, trainable)

/// Returns its input unchanged.
///
/// Example Sequential model{InputLayer({8}), Identity()};
///         model.output_shape();  // (None, 8)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Source  keras.layers.Identity
class XERAS_API Identity final : public LayerWith<IdentityOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool) const override { return true; }
  void forward(const Call&) const override {}
  void backward(const BackwardCall&) const override {}
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Identity)
