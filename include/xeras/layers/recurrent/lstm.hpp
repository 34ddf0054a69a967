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
  bool unit_forget_bias = true;  ///< the forget gate's bias starts as 1
  RegularizerArgument kernel_regularizer = {};
  RegularizerArgument recurrent_regularizer = {};
  RegularizerArgument bias_regularizer = {};
  RegularizerArgument activity_regularizer = {};
  ConstraintArgument kernel_constraint = {};
  ConstraintArgument recurrent_constraint = {};
  ConstraintArgument bias_constraint = {};
  double dropout = 0.0;                   ///< of the input, in training
  double recurrent_dropout = 0.0;         ///< of the output that goes into the next step, in training
  std::optional<std::int64_t> seed = {};  ///< of the dropout
  bool return_sequences = false;          ///< the output of every step, not only of the last
  bool return_state = false;              ///< only false: a Sequential has one output
  bool go_backwards = false;              ///< from the last step to the first; outputs stay in that order
  bool stateful = false;                  ///< a batch begins where the one before it ended
  bool unroll = false;                    ///< only false: there is no graph to unroll
  bool zero_output_for_mask = false;      ///< masked steps give 0, not the output before them
  Shape input_shape = {};                 ///< of one sample, where this is a model's first layer
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

/// Long short-term memory: gates decide what a step takes up, forgets and shows of a carry c.
///
/// (i, f, g, o) = x(t) . kernel + h(t - 1) . recurrent_kernel + bias, units columns each
/// c(t) = s(f) c(t - 1) + s(i) activation(g);  h(t) = s(o) activation(c(t));  s is recurrent_activation
/// Dropout draws once for all steps of a call, scaled by 1 / (1 - rate); with recurrent_dropout each gate has its own.
/// Input   (batch, time, features)
/// Output  (batch, units), of the last step; with return_sequences (batch, time, units)
/// Mask    used: a masked step changes nothing and gives the output once more; passed on with return_sequences
/// Throws  InvalidArgument for options that cannot be; ShapeError when the features, or of a stateful layer the batch,
///         are not known
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
  Buffer pre_activation_{};  // (batch, time, 4 * units): of the gates, where an activation's gradient needs it
  Buffer row_{};             // (batch, 5 * units)
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(LSTM)
