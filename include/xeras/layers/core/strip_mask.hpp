#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API StripMaskOptions {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(StripMaskOptions, name, trainable)

/// Removes the mask intentionally, so later layers treat padding as ordinary steps.
///
/// Example Sequential model{Embedding(1000, 8, {.mask_zero = true, .input_length = 10}), StripMask(), Flatten()};
///         model.output_shape();  // (None, 80)
/// Input   any shape
/// Output  the same
/// Mask    removed
/// Source  xeras; in Keras a mask is lost silently or with a warning
class XERAS_API StripMask final : public LayerWith<StripMaskOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool) const override { return true; }
  void forward(const Call&) const override {}
  void backward(const BackwardCall&) const override {}
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(StripMask)
