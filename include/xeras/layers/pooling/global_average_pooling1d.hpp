#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API GlobalAveragePooling1DOptions {
  bool keepdims = false;
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GlobalAveragePooling1DOptions, keepdims, input_shape, name, trainable)

/// The mean over time.
///
/// Example Sequential model{InputLayer({10, 8}), GlobalAveragePooling1D()};
///         model.output_shape();  // (None, 8)
/// Input   (batch, time, features)
/// Output  (batch, features), or (batch, 1, features) with keepdims
/// Mask    used: the mean of the unmasked steps; 0 if all are masked, where Keras returns NaN
/// Source  keras.layers.GlobalAveragePooling1D (channels_last)
class XERAS_API GlobalAveragePooling1D final : public LayerWith<GlobalAveragePooling1DOptions> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  friend class EmbeddingMean;  // fuses an Embedding with the layer

  Buffer inverse_count_{};  // (batch): 1 / the number of unmasked steps
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(GlobalAveragePooling1D)
