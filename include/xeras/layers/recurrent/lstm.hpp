#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

struct LSTMOptions {
  ActivationArgument activation = "tanh";
  ActivationArgument recurrent_activation = "sigmoid";
  bool use_bias = true;
  InitializerArgument kernel_initializer = "glorot_uniform";
  InitializerArgument recurrent_initializer = "orthogonal";
  InitializerArgument bias_initializer = "zeros";
  bool unit_forget_bias = true;  ///< initialize the forget gate's bias to 1
  RegularizerArgument kernel_regularizer = {};
  RegularizerArgument recurrent_regularizer = {};
  RegularizerArgument bias_regularizer = {};
  RegularizerArgument activity_regularizer = {};
  ConstraintArgument kernel_constraint = {};
  ConstraintArgument recurrent_constraint = {};
  ConstraintArgument bias_constraint = {};
  double dropout = 0.0;                   ///< the rate for the input, in training
  double recurrent_dropout = 0.0;         ///< the rate for the output passed to the next step, in training
  std::optional<std::int64_t> seed = {};  ///< for the dropout
  bool return_sequences = false;          ///< return the output of every step, not only of the last
  bool return_state = false;              ///< must be false: a Sequential has one output
  bool go_backwards = false;              ///< process the steps from last to first; outputs stay in that order
  bool stateful = false;                  ///< each batch starts with the final state of the previous one
  bool unroll = false;                    ///< must be false: there is no graph to unroll
  bool zero_output_for_mask = false;      ///< the output of masked steps is 0, not that of the step before
  Shape input_shape = {};                 ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(LSTMOptions, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
             bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer,
             activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
             seed, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, input_shape,
             name, trainable)

struct XERAS_API LSTMConfig {
  std::int64_t units = 1;
  LSTMOptions options = {};
};
XERAS_FIELDS(LSTMConfig, units, options)

/// Long short-term memory: its gates control what each step adds to, forgets from and outputs of the carry c.
///
/// (i, f, g, o) = x(t) . kernel + h(t - 1) . recurrent_kernel + bias, units columns each
/// c(t) = s(f) c(t - 1) + s(i) activation(g);  h(t) = s(o) activation(c(t));  s is recurrent_activation
/// Dropout draws once for all steps of a call and scales by 1 / (1 - rate); with recurrent_dropout, once per gate.
/// Example Sequential model{Embedding(10000, 64), LSTM(32), Dense(1)};
///         model.output_shape();  // (None, 1)
/// Input   (batch, time, features)
/// Output  (batch, units), the last step; with return_sequences (batch, time, units)
/// Mask    used: a masked step keeps the state and repeats the output; passed on with return_sequences
/// Throws  InvalidArgument for invalid options; ShapeError if the features, or the batch of a stateful layer, are None
/// Source  keras.layers.LSTM
class XERAS_API LSTM final : public LayerWith<LSTMConfig> {
 public:
  LSTM(std::int64_t units, LSTMOptions options = {}) : LSTM(LSTMConfig{units, std::move(options)}) {}
  explicit LSTM(LSTMConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  bool keeps_input() const;

  RecurrentHandles handles_;
  RecurrentHandles::Carried carry_;
  Buffer activated_{};       // (batch, time, units): activation(c)
  Buffer pre_activation_{};  // (batch, time, 4 * units): of the gates, if an activation's gradient needs it
  Buffer row_{};             // (batch, 5 * units)
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(LSTM)
