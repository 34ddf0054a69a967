#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API GlobalMaxPooling1DOptions {
  bool keepdims = false;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GlobalMaxPooling1DOptions, keepdims, input_shape, name, trainable)

/// The maximum over time.
///
/// Example Sequential model{InputLayer({10, 8}), GlobalMaxPooling1D()};
///         model.output_shape();  // (None, 8)
/// Input   (batch, time, features)
/// Output  (batch, features), or (batch, 1, features) with keepdims
/// Mask    used: the maximum of the unmasked steps; 0 if all are masked. Keras does not support masks here
/// Source  keras.layers.GlobalMaxPooling1D (channels_last)
class XERAS_API GlobalMaxPooling1D final : public LayerWith<GlobalMaxPooling1DOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  friend class ConvMaxPooling;  // fuses a Conv1D with the layer
  Buffer winner_{};             // (batch, features), int32: the step of each maximum; -1 if all are masked
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(GlobalMaxPooling1D)
