#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

struct SimpleRNNOptions {
  ActivationArgument activation = "tanh";
  bool use_bias = true;
  InitializerArgument kernel_initializer = "glorot_uniform";
  InitializerArgument recurrent_initializer = "orthogonal";
  InitializerArgument bias_initializer = "zeros";
  RegularizerArgument kernel_regularizer = {};
  RegularizerArgument recurrent_regularizer = {};
  RegularizerArgument bias_regularizer = {};
  RegularizerArgument activity_regularizer = {};
  ConstraintArgument kernel_constraint = {};
  ConstraintArgument recurrent_constraint = {};
  ConstraintArgument bias_constraint = {};
  double dropout = 0.0;                   ///< of the input, in training
  double recurrent_dropout = 0.0;         ///< of the output that goes into the next step, in training
  bool return_sequences = false;          ///< the output of every step, not only of the last
  bool return_state = false;              ///< only false: a Sequential has one output
  bool go_backwards = false;              ///< from the last step to the first; outputs stay in that order
  bool stateful = false;                  ///< a batch begins where the one before it ended
  bool unroll = false;                    ///< only false: there is no graph to unroll
  bool zero_output_for_mask = false;      ///< masked steps give 0, not the output before them
  std::optional<std::int64_t> seed = {};  ///< of the dropout
  Shape input_shape = {};                 ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SimpleRNNOptions, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
             kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
             recurrent_constraint, bias_constraint, dropout, recurrent_dropout, return_sequences, return_state,
             go_backwards, stateful, unroll, zero_output_for_mask, seed, input_shape, name, trainable)

struct XERAS_API SimpleRNNConfig {
  std::int64_t units = 1;
  SimpleRNNOptions options = {};
};
XERAS_FIELDS(SimpleRNNConfig, units, options)

/// The plain recurrent layer: what it gave goes into the next step.
///
/// h(t) = activation(x(t) . kernel + bias + h(t - 1) . recurrent_kernel)
/// Dropout draws once for all steps of a call, scaled by 1 / (1 - rate).
/// Input   (batch, time, features)
/// Output  (batch, units), of the last step; with return_sequences (batch, time, units)
/// Mask    used: a masked step changes nothing and gives the output once more; passed on with return_sequences
/// Throws  InvalidArgument for options that cannot be; ShapeError when the features, or of a stateful layer the batch,
///         are not known
/// Source  keras.layers.SimpleRNN
class XERAS_API SimpleRNN final : public LayerWith<SimpleRNNConfig> {
 public:
  SimpleRNN(std::int64_t units, SimpleRNNOptions options = {})
      : SimpleRNN(SimpleRNNConfig{units, std::move(options)}) {}
  explicit SimpleRNN(SimpleRNNConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  RecurrentHandles handles_;
  Buffer row_{};  // (batch, units)
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(SimpleRNN)
