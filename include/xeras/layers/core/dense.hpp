#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct DenseOptions {
  ActivationArgument activation = {};
  bool use_bias = true;
  InitializerArgument kernel_initializer = "glorot_uniform";
  InitializerArgument bias_initializer = "zeros";
  RegularizerArgument kernel_regularizer = {};
  RegularizerArgument bias_regularizer = {};
  RegularizerArgument activity_regularizer = {};
  ConstraintArgument kernel_constraint = {};
  ConstraintArgument bias_constraint = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(DenseOptions, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
             bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, input_shape, name, trainable)

struct XERAS_API DenseConfig {
  std::int64_t units = 1;
  DenseOptions options = {};
};
XERAS_FIELDS(DenseConfig, units, options)

/// A fully connected layer on the last axis.
///
/// output = activation(input . kernel + bias)
/// Example Sequential model{InputLayer({16}), Dense(64, {.activation = "relu"}), Dense(3, {.activation = "softmax"})};
///         model.output_shape();  // (None, 3)
/// Input   (batch, ..., features)
/// Output  (batch, ..., units)
/// Mask    passed on
/// Throws  InvalidArgument unless units > 0; ShapeError if features is None
/// Source  keras.layers.Dense
class XERAS_API Dense final : public LayerWith<DenseConfig> {
 public:
  Dense(std::int64_t units, DenseOptions options = {}) : Dense(DenseConfig{units, std::move(options)}) {}
  explicit Dense(DenseConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  bool has_activation() const { return options().activation && !options().activation->is_identity(); }
  bool keeps_input() const { return has_activation() && options().activation->needs_input(); }

  Weight kernel_{};          // (features, units)
  Weight bias_{};            // (units)
  Packed packed_{};          // the kernel in the order of the products
  Buffer pre_activation_{};  // (batch, ..., units), if the activation's gradient needs it
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Dense)
