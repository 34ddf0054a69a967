#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct DropoutOptions {
  Shape noise_shape = {};  ///< with the batch; None: the input's size; 1: one draw for the whole axis
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(DropoutOptions, noise_shape, seed, input_shape, name, trainable)

struct XERAS_API DropoutConfig {
  double rate = 0.0;
  DropoutOptions options = {};
};
XERAS_FIELDS(DropoutConfig, rate, options)

/// Sets each element to 0 with probability rate in training, and scales the others by 1 / (1 - rate).
///
/// Example Sequential model{InputLayer({8}), Dense(16), Dropout(0.5)};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless 0 <= rate <= 1; ShapeError if noise_shape does not match the input; InvalidInput if a
///         training batch has another size than noise_shape
/// Source  keras.layers.Dropout
class XERAS_API Dropout final : public LayerWith<DropoutConfig> {
 public:
  Dropout(double rate, DropoutOptions options = {}) : Dropout(DropoutConfig{rate, std::move(options)}) {}
  explicit Dropout(DropoutConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool training) const override { return !training || config().rate == 0.0; }
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Dropout)
