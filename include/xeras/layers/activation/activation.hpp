#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct ActivationOptions {
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ActivationOptions, input_shape, name, trainable)

struct XERAS_API ActivationConfig {
  ActivationArgument activation = {};
  ActivationOptions options = {};
};
XERAS_FIELDS(ActivationConfig, activation, options)

/// An activation function as a layer.
///
/// Example Sequential model{InputLayer({8}), Dense(16), Activation("relu")};
///         model.output_shape();  // (None, 16)
/// Input   any shape
/// Output  the same
/// Mask    passed on
/// Source  keras.layers.Activation
class XERAS_API Activation final : public LayerWith<ActivationConfig> {
 public:
  Activation(ActivationArgument activation, ActivationOptions options = {})
      : Activation(ActivationConfig{std::move(activation), std::move(options)}) {}
  explicit Activation(ActivationConfig config) : LayerWith(std::move(config)) {}

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Activation)
