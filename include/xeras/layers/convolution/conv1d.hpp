#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/builder.hpp"
#include "xeras/layers/steps.hpp"

namespace xeras::layers {

struct Conv1DOptions {
  Steps strides = 1;
  std::string padding = "valid";  ///< or "same", "causal"
  std::optional<std::string> data_format = "channels_last";
  Steps dilation_rate = 1;
  Count groups = 1;
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
XERAS_FIELDS(Conv1DOptions, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
             kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
             kernel_constraint, bias_constraint, input_shape, name, trainable)

struct XERAS_API Conv1DConfig {
  std::int64_t filters = 1;
  Steps kernel_size = 1;
  Conv1DOptions options = {};
};
XERAS_FIELDS(Conv1DConfig, filters, kernel_size, options)

/// A convolution over time: each filter reads kernel_size steps and computes one feature.
///
/// output(t, f) = activation(bias(f) + sum over k, d of x(t * strides + k * dilation_rate - before, d) kernel(k, d, f))
/// x is 0 outside the sequence. `before` is 0 for "valid", (kernel_size - 1) * dilation_rate for "causal", and the
/// smaller half of the padding for "same". With groups, a filter reads only the features of its group.
/// Example Sequential model{InputLayer({10, 8}), Conv1D(32, 3, {.activation = "relu"})};
///         model.output_shape();  // (None, 8, 32)
/// Input   (batch, time, features)
/// Output  (batch, steps, filters); steps is (time - (kernel_size - 1) * dilation_rate - 1) / strides + 1, rounded
/// down,
///         for "valid", and time / strides, rounded up, for "same" and "causal"
/// Mask    not supported
/// Throws  InvalidArgument for invalid options; ShapeError if features is None or not divisible by groups, or time is
///         too short (InvalidInput if time is None and a batch is too short)
/// Source  keras.layers.Conv1D (channels_last)
class XERAS_API Conv1D final : public LayerWith<Conv1DConfig> {
 public:
  Conv1D(std::int64_t filters, Steps kernel_size, Conv1DOptions options = {})
      : Conv1D(Conv1DConfig{filters, kernel_size, std::move(options)}) {}
  explicit Conv1D(Conv1DConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  friend class ConvMaxPooling;  // fuses the layer with a GlobalMaxPooling1D after it
  bool has_activation() const { return options().activation && !options().activation->is_identity(); }
  bool keeps_input() const { return has_activation() && options().activation->needs_input(); }

  Weight kernel_{};          // (kernel_size, features / groups, filters)
  Weight bias_{};            // (filters)
  Buffer pre_activation_{};  // (batch, steps, filters), if the activation's gradient needs it
  Packed packed_{};          // the kernel in the order of the products, if groups is 1
  Buffer room_{};            // of the same size, for other orders of the kernel
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Conv1D)
