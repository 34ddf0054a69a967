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
  double dropout = 0.0;                   ///< the rate for the input, in training
  double recurrent_dropout = 0.0;         ///< the rate for the output passed to the next step, in training
  bool return_sequences = false;          ///< return the output of every step, not only of the last
  bool return_state = false;              ///< must be false: a Sequential has one output
  bool go_backwards = false;              ///< process the steps from last to first; outputs stay in that order
  bool stateful = false;                  ///< each batch starts with the final state of the previous one
  bool unroll = false;                    ///< must be false: there is no graph to unroll
  bool zero_output_for_mask = false;      ///< the output of masked steps is 0, not that of the step before
  std::optional<std::int64_t> seed = {};  ///< for the dropout
  Shape input_shape = {};                 ///< the shape of one sample, for a model's first layer
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

/// A plain recurrent layer: the output of each step is an input of the next.
///
/// h(t) = activation(x(t) . kernel + bias + h(t - 1) . recurrent_kernel)
/// Dropout draws once for all steps of a call and scales by 1 / (1 - rate).
/// Example Sequential model{Embedding(10000, 64), SimpleRNN(32), Dense(1)};
///         model.output_shape();  // (None, 1)
/// Input   (batch, time, features)
/// Output  (batch, units), the last step; with return_sequences (batch, time, units)
/// Mask    used: a masked step keeps the state and repeats the output; passed on with return_sequences
/// Throws  InvalidArgument for invalid options; ShapeError if the features, or the batch of a stateful layer, are None
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
