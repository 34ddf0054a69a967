#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct SeparableConv1DOptions {
  Steps strides = 1;
  std::string padding = "valid";  ///< or "same"
  std::optional<std::string> data_format = "channels_last";
  Steps dilation_rate = 1;
  Count depth_multiplier = 1;
  ActivationArgument activation = {};
  bool use_bias = true;
  InitializerArgument depthwise_initializer = "glorot_uniform";
  InitializerArgument pointwise_initializer = "glorot_uniform";
  InitializerArgument bias_initializer = "zeros";
  RegularizerArgument depthwise_regularizer = {};
  RegularizerArgument pointwise_regularizer = {};
  RegularizerArgument bias_regularizer = {};
  RegularizerArgument activity_regularizer = {};
  ConstraintArgument depthwise_constraint = {};
  ConstraintArgument pointwise_constraint = {};
  ConstraintArgument bias_constraint = {};
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SeparableConv1DOptions, strides, padding, data_format, dilation_rate, depth_multiplier, activation,
             use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
             pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
             bias_constraint, input_shape, name, trainable)

struct XERAS_API SeparableConv1DConfig {
  std::int64_t filters = 1;
  Steps kernel_size = 1;
  SeparableConv1DOptions options = {};
};
XERAS_FIELDS(SeparableConv1DConfig, filters, kernel_size, options)

/// A convolution in two stages with few weights: each feature along time, then all features of each step.
///
/// h(t, d * depth_multiplier + m) = sum over k of x(t * strides + k * dilation_rate - before, d)
/// depthwise_kernel(k, d, m), with `before` as in Conv1D; output = activation(h . pointwise_kernel + bias)
/// Example Sequential model{InputLayer({10, 8}), SeparableConv1D(32, 3)};
///         model.output_shape();  // (None, 8, 32)
/// Input   (batch, time, features)
/// Output  (batch, steps, filters), with as many steps as Conv1D has
/// Mask    not supported
/// Throws  InvalidArgument for invalid options; ShapeError if features is None or time is too short (InvalidInput if
///         time is None and a batch is too short)
/// Source  keras.layers.SeparableConv1D (channels_last)
class XERAS_API SeparableConv1D final : public LayerWith<SeparableConv1DConfig> {
 public:
  SeparableConv1D(std::int64_t filters, Steps kernel_size, SeparableConv1DOptions options = {})
      : SeparableConv1D(SeparableConv1DConfig{filters, kernel_size, std::move(options)}) {}
  explicit SeparableConv1D(SeparableConv1DConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  bool has_activation() const { return options().activation && !options().activation->is_identity(); }
  bool keeps_input() const { return has_activation() && options().activation->needs_input(); }

  Weight depthwise_kernel_{};  // (kernel_size, features, depth_multiplier)
  Weight pointwise_kernel_{};  // (1, features * depth_multiplier, filters)
  Weight bias_{};              // (filters)
  Packed packed_{};            // the pointwise kernel in the order of the products
  Buffer depthwise_{};         // (batch, steps, features * depth_multiplier)
  Buffer pre_activation_{};    // (batch, steps, filters), if the activation's gradient needs it
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(SeparableConv1D)
