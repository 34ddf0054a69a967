#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API GlobalMaxPooling1DOptions {
  bool keepdims = false;
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GlobalMaxPooling1DOptions, keepdims, input_shape, name, trainable)

/// The maximum over time.
///
/// Input   (batch, time, features)
/// Output  (batch, features), or (batch, 1, features) with keepdims
/// Mask    used: only steps that are not masked are looked at; a row without any gives zeros. Keras does not
///         support masks here
/// Source  keras.layers.GlobalMaxPooling1D (channels_last)
class XERAS_API GlobalMaxPooling1D final : public LayerWith<GlobalMaxPooling1DOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  friend class ConvMaxPooling;  // a Conv1D and the layer behind it as one
  Buffer winner_{};             // (batch, features), int32: the step of each maximum; -1: no step counts
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(GlobalMaxPooling1D)
