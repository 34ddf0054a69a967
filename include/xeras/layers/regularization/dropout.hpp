#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct DropoutOptions {
  Shape noise_shape = {};  ///< with the batch; None: as the input; 1: one draw for the axis
  std::optional<std::int64_t> seed = {};
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(DropoutOptions, noise_shape, seed, input_shape, name, trainable)

struct XERAS_API DropoutConfig {
  double rate = 0.0;
  DropoutOptions options = {};
};
XERAS_FIELDS(DropoutConfig, rate, options)

/// In training sets each element to 0 with probability rate and scales the others by 1 / (1 - rate); else does nothing.
///
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument unless 0 <= rate <= 1; ShapeError for a noise_shape that does not fit,
///         InvalidInput for a batch in training that is not of the size in it
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
