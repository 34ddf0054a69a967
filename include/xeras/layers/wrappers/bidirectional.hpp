#pragma once

#include <array>

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct BidirectionalOptions {
  std::optional<std::string> merge_mode = "concat";  ///< "concat", "sum", "mul" or "ave"
  AnyLayer backward_layer = {};                      ///< by default, `layer` with go_backwards = true
  RegularizerArgument activity_regularizer = {};     ///< applies to the output
  Shape input_shape = {};                            ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(BidirectionalOptions, merge_mode, backward_layer, activity_regularizer, input_shape, name, trainable)

struct XERAS_API BidirectionalConfig {
  AnyLayer layer = {};
  BidirectionalOptions options = {};
};
XERAS_FIELDS(BidirectionalConfig, layer, options)

/// Runs one recurrent layer forwards and another one backwards over a sequence, and merges their outputs.
///
/// output = merge(forward(input), backward(input)), the second one reversed to the order of time
/// Both layers are created from the options of the given ones, each with its own weights.
/// Example Sequential model{InputLayer({10, 8}), Bidirectional(LSTM(16))};
///         model.output_shape();  // (None, 32)
/// Input   (batch, time, features)
/// Output  (batch, units), with return_sequences (batch, time, units); 2 * units for "concat"
/// Mask    used by both layers; passed on with return_sequences, where the output of masked steps is 0
/// Throws  InvalidArgument unless both layers are SimpleRNN, LSTM or GRU with the same units, return_sequences and
///         stateful, one of them with go_backwards
/// Source  keras.layers.Bidirectional
class XERAS_API Bidirectional final : public LayerWith<BidirectionalConfig> {
 public:
  explicit Bidirectional(AnyLayer layer, BidirectionalOptions options = {})
      : Bidirectional(BidirectionalConfig{std::move(layer), std::move(options)}) {}
  explicit Bidirectional(BidirectionalConfig config);

  /// Return the two layers, named "forward_lstm" and "backward_lstm" for an LSTM without a name.
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
  std::array<Buffer, 2> outputs_{};       // of both layers, each in its own order of steps
  std::array<Buffer, 2> output_grads_{};  // likewise
  Buffer input_grad_{};                   // (batch, time, features): from the backward layer
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Bidirectional)
