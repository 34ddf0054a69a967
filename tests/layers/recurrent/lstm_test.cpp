#include "xeras/layers/recurrent/lstm.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/recurrent_reference.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("LSTM keeps the layer contract") {
  const std::vector<std::string> weights = {"kernel (2, 12)", "recurrent_kernel (3, 12)", "bias (12,)"};
  check_layer(LSTM(3), {.input = {4, 5, 2}, .output = {4, 3}, .weights = weights, .uses_mask = true});
  check_layer(LSTM(3, {.go_backwards = true, .zero_output_for_mask = true, .name = "back"}),
              {.input = {4, 5, 2}, .output = {4, 3}, .weights = weights, .uses_mask = true});
  check_layer(LSTM(3, {.dropout = 0.3, .seed = 5, .return_sequences = true}),
              {.input = {4, 5, 2}, .output = {4, 5, 3}, .weights = weights, .passes_mask = true});
  check_layer(LSTM(3, {.dropout = 0.3, .recurrent_dropout = 0.4, .return_sequences = true}),
              {.input = {4, 5, 2}, .output = {4, 5, 3}, .weights = weights, .passes_mask = true});
  check_layer(LSTM(3, {.activation = "gelu",
                       .recurrent_activation = "softmax",
                       .use_bias = false,
                       .kernel_regularizer = "l2",
                       .return_sequences = true,
                       .input_shape = {1, 2}}),
              {.input = {1, 1, 2},
               .output = {1, 1, 3},
               .weights = {"kernel (2, 12)", "recurrent_kernel (3, 12)"},
               .passes_mask = true});
}

TEST_CASE("LSTM takes its options in Keras's order") {
  const LSTM layer(4, {.activation = "relu",
                       .recurrent_activation = "hard_sigmoid",
                       .use_bias = true,
                       .kernel_initializer = "ones",
                       .recurrent_initializer = "ones",
                       .bias_initializer = "ones",
                       .unit_forget_bias = false,
                       .kernel_regularizer = "l1",
                       .recurrent_regularizer = "l1",
                       .bias_regularizer = "l1",
                       .activity_regularizer = "l1",
                       .kernel_constraint = "non_neg",
                       .recurrent_constraint = "non_neg",
                       .bias_constraint = "non_neg",
                       .dropout = 0.1,
                       .recurrent_dropout = 0.2,
                       .seed = 1,
                       .return_sequences = true,
                       .return_state = false,
                       .go_backwards = true,
                       .stateful = true,
                       .unroll = false,
                       .zero_output_for_mask = true,
                       .input_shape = {3, 2},
                       .name = "rnn",
                       .trainable = false});
  CHECK(layer.get_config().find("recurrent_dropout")->to_string() == "0.2");
  CHECK(layer.get_config().find("unit_forget_bias")->to_string() == "false");
}

TEST_CASE("LSTM: the gates are i, f, g, o") {
  LSTM layer(1, {.activation = nullptr, .recurrent_activation = nullptr, .use_bias = false, .return_sequences = true});
  LayerProbe probe(layer, {1, 2, 1}, true);
  layer.set_weights({xt::xarray<float>{{1, 2, 3, 4}}, xt::xarray<float>{{1, 0, 0, 0}}});
  // c = 1 * 3, h = 4 * 3; then i = 1 + 12, c = 2 * 3 + 13 * 3, h = 4 * 45
  CHECK(probe.forward({1, 1}) == std::vector<float>{12, 180});
  CHECK(probe.forward({1, 1}, {1, 0}) == std::vector<float>{12, 12});
  CHECK(probe.forward({1, 1}, {0, 1}) == std::vector<float>{0, 12});
}

TEST_CASE("LSTM: the forget gate's bias starts as 1") {
  LSTM layer(2, {.bias_initializer = initializers::Constant(0.5)});
  LayerProbe probe(layer, {1, 2, 1});
  CHECK((layer.get_weights()[2] == Tensor{0.5f, 0.5f, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f}));
  LSTM plain(1, {.unit_forget_bias = false});
  LayerProbe plain_probe(plain, {1, 2, 1});
  CHECK((plain.get_weights()[2] == Tensor{0, 0, 0, 0}));
}

TEST_CASE("LSTM agrees with the reference for every mask, order and output") {
  using Cell = RecurrentReference::Cell;
  RecurrentReference reference{
      .cell = Cell::lstm, .activation = [](double x) { return std::tanh(x); }, .recurrent_activation = sigmoid};
  check_recurrent_variants<LSTM>({.units = 3}, reference);
  // Their gradients need the input.
  reference.activation = [](double x) { return x * sigmoid(x); };
  check_recurrent_variants<LSTM>({.units = 1, .options = {.activation = "silu"}}, reference);
  reference.recurrent_activation = reference.activation;
  reference.activation = {};
  reference.use_bias = false;
  check_recurrent_variants<LSTM>(
      {.units = 2, .options = {.activation = nullptr, .recurrent_activation = "silu", .use_bias = false}}, reference);
}
