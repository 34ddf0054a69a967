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
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
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

/// Filters that slide along time: each looks at kernel_size steps and gives one feature.
///
/// output(t, f) = activation(bias(f) + sum over k, d of x(t * strides + k * dilation_rate - before, d) kernel(k, d,
/// f)), with zeros where x has no such step. `before` is 0 for "valid", (kernel_size - 1) * dilation_rate for "causal",
/// and for "same" the smaller half of the zeros that are needed. With groups, a filter sees its group's features.
/// Input   (batch, time, features)
/// Output  (batch, steps, filters), where steps is
///         valid         (time - (kernel_size - 1) * dilation_rate - 1) / strides + 1, rounded down
///         same, causal  time / strides, rounded up
/// Mask    not supported
/// Throws  InvalidArgument for options that cannot be; ShapeError when features is not known or not divisible by
///         groups, or time is too short, which is InvalidInput where only the data tells
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
  friend class ConvMaxPooling;  // the layer and a GlobalMaxPooling1D behind it as one
  bool has_activation() const { return options().activation && !options().activation->is_identity(); }
  bool keeps_input() const { return has_activation() && options().activation->needs_input(); }

  Weight kernel_{};          // (kernel_size, features / groups, filters)
  Weight bias_{};            // (filters)
  Buffer pre_activation_{};  // (batch, steps, filters), where the activation's gradient needs it
  Packed packed_{};          // the kernel as products read it, without groups
  Buffer room_{};            // as much for other orders of the kernel
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Conv1D)
