#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API StripMaskOptions {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(StripMaskOptions, name, trainable)

/// Ends a mask on purpose: what follows sees padding as ordinary steps.
///
/// Input   any shape
/// Output  the same
/// Mask    ended
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
