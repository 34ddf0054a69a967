#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API MaskingOptions {
  double mask_value = 0.0;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(MaskingOptions, mask_value, input_shape, name, trainable)

/// Masks the steps of a float sequence at which every feature equals mask_value.
///
/// Example Sequential model{InputLayer({10, 8}), Masking(-1.0), LSTM(16)};
///         model.output_shape();  // (None, 16)
/// Input   (batch, time, features)
/// Output  the same, masked steps set to 0
/// Mask    made; replaces the mask of the input
/// Source  keras.layers.Masking
class XERAS_API Masking final : public LayerWith<MaskingOptions> {
 public:
  using LayerWith::LayerWith;
  template <Number N>
  explicit Masking(N mask_value) : LayerWith(MaskingOptions{.mask_value = static_cast<double>(mask_value)}) {}
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Masking)
