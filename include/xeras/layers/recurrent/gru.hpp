#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/recurrent/recurrent_handles.hpp"

namespace xeras::layers {

struct GRUOptions {
  ActivationArgument activation = "tanh";
  ActivationArgument recurrent_activation = "sigmoid";
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
  std::optional<std::int64_t> seed = {};  ///< for the dropout
  bool return_sequences = false;          ///< return the output of every step, not only of the last
  bool return_state = false;              ///< must be false: a Sequential has one output
  bool go_backwards = false;              ///< process the steps from last to first; outputs stay in that order
  bool stateful = false;                  ///< each batch starts with the final state of the previous one
  bool unroll = false;                    ///< must be false: there is no graph to unroll
  bool zero_output_for_mask = false;      ///< the output of masked steps is 0, not that of the step before
  bool reset_after = true;  ///< apply the reset gate after the matrix product, which has its own bias, or before
  Shape input_shape = {};   ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GRUOptions, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
             bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer,
             kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed,
             return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, reset_after,
             input_shape, name, trainable)

struct XERAS_API GRUConfig {
  std::int64_t units = 1;
  GRUOptions options = {};
};
XERAS_FIELDS(GRUConfig, units, options)

/// A gated recurrent unit: its gates control how much of the previous output is kept, and how much a step reads.
///
/// z, r = s(x(t) . kernel + bias + h(t - 1) . recurrent_kernel), units columns each;  s is recurrent_activation
/// g = activation(x(t) . kernel + bias + r (h(t - 1) . recurrent_kernel + recurrent bias)), with reset_after, or
/// g = activation(x(t) . kernel + bias + (r h(t - 1)) . recurrent_kernel);  h(t) = z h(t - 1) + (1 - z) g
/// Dropout draws once for all steps of a call and scales by 1 / (1 - rate); with recurrent_dropout, once per gate.
/// Example Sequential model{Embedding(10000, 64), GRU(32), Dense(1)};
///         model.output_shape();  // (None, 1)
/// Input   (batch, time, features)
/// Output  (batch, units), the last step; with return_sequences (batch, time, units)
/// Mask    used: a masked step keeps the state and repeats the output; passed on with return_sequences
/// Throws  InvalidArgument for invalid options; ShapeError if the features, or the batch of a stateful layer, are None
/// Source  keras.layers.GRU
class XERAS_API GRU final : public LayerWith<GRUConfig> {
 public:
  GRU(std::int64_t units, GRUOptions options = {}) : GRU(GRUConfig{units, std::move(options)}) {}
  explicit GRU(GRUConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  class Cell;
  bool keeps_input() const;

  RecurrentHandles handles_;
  Buffer inner_{};           // (batch, time, units): h . recurrent_kernel + bias of g; r h without reset_after
  Buffer pre_activation_{};  // (batch, time, 3 * units): of the gates, if an activation's gradient needs it
  Buffer recurrent_{};       // (batch, 3 * units): h . recurrent_kernel of one step, or its gradient
  Buffer row_{};             // (batch, 3 * units)
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(GRU)
