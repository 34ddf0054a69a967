#include "xeras/layers/recurrent/simple_rnn.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/recurrent_reference.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

TEST_CASE("SimpleRNN keeps the layer contract") {
  const std::vector<std::string> weights = {"kernel (2, 3)", "recurrent_kernel (3, 3)", "bias (3,)"};
  check_layer(SimpleRNN(3), {.input = {4, 5, 2}, .output = {4, 3}, .weights = weights, .uses_mask = true});
  check_layer(SimpleRNN(3, {.go_backwards = true, .zero_output_for_mask = true, .name = "back"}),
              {.input = {4, 5, 2}, .output = {4, 3}, .weights = weights, .uses_mask = true});
  check_layer(SimpleRNN(3, {.dropout = 0.3, .recurrent_dropout = 0.4, .return_sequences = true, .seed = 5}),
              {.input = {4, 5, 2}, .output = {4, 5, 3}, .weights = weights, .passes_mask = true});
  check_layer(SimpleRNN(3, {.activation = "gelu",
                            .use_bias = false,
                            .recurrent_initializer = "glorot_normal",
                            .kernel_regularizer = "l2",
                            .bias_constraint = "unit_norm",
                            .return_sequences = true,
                            .input_shape = {1, 2}}),
              {.input = {1, 1, 2},
               .output = {1, 1, 3},
               .weights = {"kernel (2, 3)", "recurrent_kernel (3, 3)"},
               .passes_mask = true});
}

TEST_CASE("SimpleRNN takes its options in Keras's order") {
  const SimpleRNN layer(4, {.activation = "relu",
                            .use_bias = true,
                            .kernel_initializer = "ones",
                            .recurrent_initializer = "ones",
                            .bias_initializer = "ones",
                            .kernel_regularizer = "l1",
                            .recurrent_regularizer = "l1",
                            .bias_regularizer = "l1",
                            .activity_regularizer = "l1",
                            .kernel_constraint = "non_neg",
                            .recurrent_constraint = "non_neg",
                            .bias_constraint = "non_neg",
                            .dropout = 0.1,
                            .recurrent_dropout = 0.2,
                            .return_sequences = true,
                            .return_state = false,
                            .go_backwards = true,
                            .stateful = true,
                            .unroll = false,
                            .zero_output_for_mask = true,
                            .seed = 1,
                            .input_shape = {3, 2},
                            .name = "rnn",
                            .trainable = false});
  CHECK(layer.get_config().find("dropout")->to_string() == "0.1");
  CHECK(layer.get_config().find("units")->to_string() == "4");
  CHECK(layer.get_config().find("trainable")->to_string() == "false");
}

TEST_CASE("SimpleRNN adds what it gave to what comes in") {
  SimpleRNN layer(1, {.activation = nullptr, .return_sequences = true});
  LayerProbe probe(layer, {1, 3, 1});
  layer.set_weights({xt::xtensor<float, 2>{{2}}, xt::xtensor<float, 2>{{0.5f}}, xt::xarray<float>{1}});
  // 2 * 1 + 1, 2 * 2 + 1 + 3 / 2, 2 * 3 + 1 + 6.5 / 2
  CHECK(probe.forward({1, 2, 3}) == std::vector<float>{3, 6.5f, 10.25f});
  // The last step's output moves with h(2) by 1/2 and with h(1) by 1/4.
  const auto gradients = probe.backward({1, 2, 3}, {0, 0, 1});
  CHECK(gradients.input == std::vector<float>{0.5f, 1, 2});
  CHECK(gradients.weights[0] == std::vector<float>{0.25f * 1 + 0.5f * 2 + 3});
  CHECK(gradients.weights[1] == std::vector<float>{0.5f * 3 + 6.5f});
  CHECK(gradients.weights[2] == std::vector<float>{1.75f});
}

TEST_CASE("SimpleRNN agrees with the reference for every mask, order and output") {
  RecurrentReference reference{.activation = [](double x) { return std::tanh(x); }};
  check_recurrent_variants<SimpleRNN>({.units = 3}, reference);
  reference.activation = [](double x) { return x / (1 + std::exp(-x)); };  // its gradient needs the input
  check_recurrent_variants<SimpleRNN>({.units = 1, .options = {.activation = "silu"}}, reference);
  reference.activation = {};
  reference.use_bias = false;
  check_recurrent_variants<SimpleRNN>({.units = 2, .options = {.activation = nullptr, .use_bias = false}}, reference);
}
