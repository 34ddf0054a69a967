#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct RepeatVectorOptions {
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(RepeatVectorOptions, input_shape, name, trainable)

struct XERAS_API RepeatVectorConfig {
  std::int64_t n = 1;
  RepeatVectorOptions options = {};
};
XERAS_FIELDS(RepeatVectorConfig, n, options)

/// Repeats a vector as n identical steps, for example between an encoder and a decoder.
///
/// Example Sequential model{InputLayer({8}), RepeatVector(10)};
///         model.output_shape();  // (None, 10, 8)
/// Input   (batch, features)
/// Output  (batch, n, features)
/// Mask    not supported
/// Throws  InvalidArgument unless n > 0
/// Source  keras.layers.RepeatVector
class XERAS_API RepeatVector final : public LayerWith<RepeatVectorConfig> {
 public:
  RepeatVector(std::int64_t n, RepeatVectorOptions options = {})
      : RepeatVector(RepeatVectorConfig{n, std::move(options)}) {}
  explicit RepeatVector(RepeatVectorConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(RepeatVector)
