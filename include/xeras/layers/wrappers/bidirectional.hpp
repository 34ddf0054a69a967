#pragma once

#include <array>

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct BidirectionalOptions {
  std::optional<std::string> merge_mode = "concat";  ///< of the two outputs: "concat", "sum", "mul" or "ave"
  AnyLayer backward_layer = {};                      ///< none: the layer once more, with go_backwards
  RegularizerArgument activity_regularizer = {};     ///< of the output
  Shape input_shape = {};                            ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(BidirectionalOptions, merge_mode, backward_layer, activity_regularizer, input_shape, name, trainable)

struct XERAS_API BidirectionalConfig {
  AnyLayer layer = {};
  BidirectionalOptions options = {};
};
XERAS_FIELDS(BidirectionalConfig, layer, options)

/// Runs one recurrent layer from the first step to the last and another from the last to the first.
///
/// output = merge(forward(input), backward(input)), the second one back in the order of time
/// Both layers are made anew from their options, each with weights of its own.
/// Input   (batch, time, features)
/// Output  (batch, units), with return_sequences (batch, time, units); 2 * units for "concat"
/// Mask    used by both layers; passed on with return_sequences, and the output of masked steps is then 0
/// Throws  InvalidArgument unless there are two layers of SimpleRNN, LSTM or GRU, one with go_backwards and
///         one without, that agree on units, return_sequences and stateful
/// Source  keras.layers.Bidirectional
class XERAS_API Bidirectional final : public LayerWith<BidirectionalConfig> {
 public:
  explicit Bidirectional(AnyLayer layer, BidirectionalOptions options = {})
      : Bidirectional(BidirectionalConfig{std::move(layer), std::move(options)}) {}
  explicit Bidirectional(BidirectionalConfig config);

  /// "forward_lstm" and "backward_lstm", for an LSTM without a name.
  Layer& forward_layer() const { return *layers_[0]; }
  Layer& backward_layer() const { return *layers_[1]; }

  Value get_config() const override;
  std::optional<Spec> first_input() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
  std::span<AnyLayer> children() override { return layers_; }

 private:
  enum class Merge { concat, sum, mul, ave };

  Merge merge_{};
  std::array<AnyLayer, 2> layers_;
  bool sequences_ = false;
  std::array<Buffer, 2> outputs_{};       // of both layers, each in the order in which it goes
  std::array<Buffer, 2> output_grads_{};  // the same
  Buffer input_grad_{};                   // (batch, time, features): what the backward layer adds
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Bidirectional)
