// What every layer of the library does with a mask that comes in: the table of docs/masking.md.
#include "catch.hpp"
#include "support/layer_probe.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::LayerProbe;

namespace {

// "raises", or what the layer says in build.
std::string effect_on_mask(AnyLayer layer, const Extents& input) {
  try {
    const LayerProbe probe(*layer, input, true);
    switch (probe.node().mask_role) {
      case MaskRole::made:
        return "makes";
      case MaskRole::passed:
        return "passes";
      case MaskRole::used:
        return "uses";
      case MaskRole::used_and_passed:
        return "uses and passes";
      case MaskRole::ended:
        return "ends";
      case MaskRole::none:
        return "none";
    }
  } catch (const MaskError&) {
    return "raises";
  }
  return "";
}

struct Row {
  AnyLayer layer;
  std::string effect;
  Extents input = {2, 4, 6};
};

}  // namespace

TEST_CASE("a mask that reaches a layer is passed, used, ended or refused, never lost") {
  const std::vector<Row> table{
      // core
      {Dense(2), "passes"},
      {Lambda([](const Tensor& x) { return x; }), "raises"},
      {Masking(), "makes"},
      {StripMask(), "ends"},
      {Sequential{Dense(2), Dropout(0.1)}, "passes"},
      {Sequential{Flatten()}, "raises"},
      // a model within does what the layers in it do
      {Sequential{LSTM(2, {.return_sequences = true}), Dense(2)}, "uses and passes"},
      {Sequential{LSTM(3), Dense(2)}, "uses"},
      {Sequential{Dense(3), GlobalAveragePooling1D(), Dense(2)}, "uses"},
      {Sequential{GlobalMaxPooling1D(), RepeatVector(4)}, "uses"},
      {Sequential{StripMask(), Flatten(), Dense(2)}, "ends"},
      {Sequential{Dense(3), Masking()}, "makes"},
      {Sequential{GRU(3, {.return_sequences = true}), Masking(), Dropout(0.1)}, "makes"},
      {Sequential{Masking(), GRU(3)}, "ends"},
      {Sequential{Sequential{Dense(2), LSTM(2, {.return_sequences = true})}, Sequential{GRU(2), Dense(1)}}, "uses"},
      {TimeDistributed(Sequential{Dense(3), Dropout(0.1)}), "passes"},
      // recurrent: with return_sequences the mask goes on
      {SimpleRNN(2), "uses"},
      {SimpleRNN(2, {.return_sequences = true}), "uses and passes"},
      {LSTM(2), "uses"},
      {LSTM(2, {.return_sequences = true}), "uses and passes"},
      {GRU(2), "uses"},
      {GRU(2, {.return_sequences = true}), "uses and passes"},
      {Bidirectional(LSTM(2)), "uses"},
      {Bidirectional(GRU(2, {.return_sequences = true})), "uses and passes"},
      {TimeDistributed(Dense(2)), "passes"},
      // convolution and pooling
      {Conv1D(2, 2), "raises"},
      {SeparableConv1D(2, 2), "raises"},
      {MaxPooling1D(2), "raises"},
      {AveragePooling1D(2), "raises"},
      {GlobalAveragePooling1D(), "uses"},
      {GlobalMaxPooling1D(), "uses"},
      // reshaping
      {Flatten(), "raises"},
      {Reshape({24}), "raises"},
      {Permute({2, 1}), "raises"},
      {RepeatVector(3), "raises", {2, 6}},
      {UpSampling1D(2), "raises"},
      {ZeroPadding1D(1), "raises"},
      {Cropping1D(1), "raises"},
      // normalization
      {BatchNormalization(), "uses and passes"},
      {LayerNormalization(), "passes"},
      {UnitNormalization(), "passes"},
      // regularization
      {Dropout(0.5), "passes"},
      {SpatialDropout1D(0.5), "passes"},
      {GaussianNoise(0.5), "passes"},
      {GaussianDropout(0.5), "passes"},
      {AlphaDropout(0.5), "passes"},
      {ActivityRegularization({.l2 = 0.1}), "passes"},
      // activations
      {Activation("relu"), "passes"},
      {ReLU(), "passes"},
      {LeakyReLU(), "passes"},
      {PReLU(), "passes"},
      {ELU(), "passes"},
      {Softmax(), "uses and passes"},
      {Softmax({.axis = 1}), "uses and passes"},
  };
  for (const Row& row : table) {
    INFO(row.layer->class_name());
    CHECK(effect_on_mask(row.layer, row.input) == row.effect);
  }
}
