#include "xeras/layers/recurrent/gru.hpp"

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

TEST_CASE("GRU keeps the layer contract") {
  const std::vector<std::string> weights = {"kernel (2, 9)", "recurrent_kernel (3, 9)", "bias (2, 9)"};
  const std::vector<std::string> before = {"kernel (2, 9)", "recurrent_kernel (3, 9)", "bias (9,)"};
  check_layer(GRU(3), {.input = {4, 5, 2}, .output = {4, 3}, .weights = weights, .uses_mask = true});
  check_layer(GRU(3, {.go_backwards = true, .zero_output_for_mask = true, .reset_after = false, .name = "back"}),
              {.input = {4, 5, 2}, .output = {4, 3}, .weights = before, .uses_mask = true});
  check_layer(GRU(3, {.dropout = 0.3, .seed = 5, .return_sequences = true}),
              {.input = {4, 5, 2}, .output = {4, 5, 3}, .weights = weights, .passes_mask = true});
  for (const bool reset_after : {true, false}) {
    check_layer(
        GRU(3, {.dropout = 0.3, .recurrent_dropout = 0.4, .return_sequences = true, .reset_after = reset_after}),
        {.input = {4, 5, 2}, .output = {4, 5, 3}, .weights = reset_after ? weights : before, .passes_mask = true});
    check_layer(GRU(3, {.activation = "gelu",
                        .recurrent_activation = "softmax",
                        .use_bias = false,
                        .kernel_regularizer = "l2",
                        .return_sequences = true,
                        .reset_after = reset_after,
                        .input_shape = {1, 2}}),
                {.input = {1, 1, 2},
                 .output = {1, 1, 3},
                 .weights = {"kernel (2, 9)", "recurrent_kernel (3, 9)"},
                 .passes_mask = true});
  }
}

TEST_CASE("GRU takes its options in Keras's order") {
  const GRU layer(4, {.activation = "relu",
                      .recurrent_activation = "hard_sigmoid",
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
                      .seed = 1,
                      .return_sequences = true,
                      .return_state = false,
                      .go_backwards = true,
                      .stateful = true,
                      .unroll = false,
                      .zero_output_for_mask = true,
                      .reset_after = false,
                      .input_shape = {3, 2},
                      .name = "rnn",
                      .trainable = false});
  CHECK(layer.get_config().find("seed")->to_string() == "1");
  CHECK(layer.get_config().find("reset_after")->to_string() == "false");
}

TEST_CASE("GRU: the gates are z, r, g, with the reset gate after the product") {
  GRU layer(1, {.activation = nullptr, .recurrent_activation = nullptr, .return_sequences = true});
  LayerProbe probe(layer, {1, 2, 1}, true);
  layer.set_weights(
      {xt::xarray<float>{{0.5f, 2, 3}}, xt::xarray<float>{{0, 0, 1}}, xt::xarray<float>{{0, 0, 0}, {0, 0, 1}}});
  // g = 3 + 2 (0 + 1), h = g / 2; then g = 3 + 2 (2.5 + 1), h = 2.5 / 2 + g / 2
  CHECK(probe.forward({1, 1}) == std::vector<float>{2.5f, 6.25f});
  CHECK(probe.forward({1, 1}, {1, 0}) == std::vector<float>{2.5f, 2.5f});
  CHECK(probe.forward({1, 1}, {0, 1}) == std::vector<float>{0, 2.5f});
}

TEST_CASE("GRU: with the reset gate before the product") {
  GRU layer(1, {.activation = nullptr,
                .recurrent_activation = nullptr,
                .use_bias = false,
                .return_sequences = true,
                .reset_after = false});
  LayerProbe probe(layer, {1, 2, 1});
  layer.set_weights({xt::xarray<float>{{0.5f, 2, 3}}, xt::xarray<float>{{0, 0, 1}}});
  // g = 3, h = g / 2; then g = 3 + 2 * 1.5, h = 1.5 / 2 + g / 2
  CHECK(probe.forward({1, 1}) == std::vector<float>{1.5f, 3.75f});
}

TEST_CASE("GRU agrees with the reference for every mask, order and output") {
  using Cell = RecurrentReference::Cell;
  for (const bool reset_after : {true, false}) {
    RecurrentReference reference{.cell = reset_after ? Cell::gru_reset_after : Cell::gru_reset_before,
                                 .activation = [](double x) { return std::tanh(x); },
                                 .recurrent_activation = sigmoid};
    check_recurrent_variants<GRU>({.units = 3, .options = {.reset_after = reset_after}}, reference);
    // Their gradients need the input.
    reference.activation = [](double x) { return x * sigmoid(x); };
    check_recurrent_variants<GRU>({.units = 1, .options = {.activation = "silu", .reset_after = reset_after}},
                                  reference);
    reference.recurrent_activation = reference.activation;
    reference.activation = {};
    reference.use_bias = false;
    check_recurrent_variants<GRU>({.units = 2,
                                   .options = {.activation = nullptr,
                                               .recurrent_activation = "silu",
                                               .use_bias = false,
                                               .reset_after = reset_after}},
                                  reference);
  }
}
