#include "xeras/layers/pooling/average_pooling1d.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using Catch::Matchers::WithinAbs;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;
using Sequences = xt::xtensor<float, 3>;  // (batch, time, features), or a kernel

namespace {

constexpr float rounding = 1e-6f;

void check_pooled(AveragePooling1DOptions options, const std::vector<float>& expected) {
  AveragePooling1D layer(std::move(options));
  const std::vector<float> y = LayerProbe(layer, {1, 5, 1}).forward({3, 1, 4, 1, 5});
  REQUIRE(y.size() == expected.size());
  for (std::size_t i = 0; i < y.size(); ++i) CHECK_THAT(y[i], WithinAbs(expected[i], rounding));
}

}  // namespace

TEST_CASE("AveragePooling1D keeps the layer contract") {
  check_layer(AveragePooling1D(), {.input = {3, 7, 4}, .output = {3, 3, 4}});
  check_layer(AveragePooling1D({.pool_size = 3, .strides = 2, .padding = "same", .name = "pool"}),
              {.input = {2, 6, 3}, .output = {2, 3, 3}});
  check_layer(AveragePooling1D({.padding = "same"}), {.input = {1, 1, 2}, .output = {1, 1, 2}});
}

TEST_CASE("AveragePooling1D may be written as in Keras, with or without the option's name") {
  CHECK(AveragePooling1D(5).get_config() == AveragePooling1D({.pool_size = 5}).get_config());
  CHECK(AveragePooling1D().get_config() == AveragePooling1D(2).get_config());
}

// Also the numbers of Keras 3.15.1.
TEST_CASE("AveragePooling1D is the mean of the steps of every window that there are") {
  check_pooled({}, {2, 2.5f});
  check_pooled({.padding = "same"}, {2, 2.5f, 5});
  check_pooled({.pool_size = 3, .strides = 2}, {8.0f / 3, 10.0f / 3});
  check_pooled({.pool_size = 3, .strides = 1, .padding = "same"}, {2, 8.0f / 3, 2, 10.0f / 3, 3});
  check_pooled({.pool_size = 4, .strides = 2, .padding = "same"}, {8.0f / 3, 2.75f, 3});
}

TEST_CASE("AveragePooling1D shares the gradient among the steps of every window") {
  AveragePooling1D layer({.padding = "same"});
  LayerProbe probe(layer, {1, 3, 2});
  CHECK(probe.backward({1, 2, 3, 4, 5, 6}, {2, 4, 8, 10}).input == std::vector<float>{1, 2, 1, 2, 8, 10});
}

TEST_CASE("AveragePooling1D takes sequences of any length where time is open") {
  Sequential model{AveragePooling1D({.input_shape = {None, 1}})};
  CHECK(model.output_shape() == Shape({None, None, 1}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}, {4.0f}, {1.0f}, {5.0f}}}) == Sequences{{{2.0f}, {2.5f}}}));
  CHECK(message_of<InvalidInput>([&] { model.predict(Sequences{{{3.0f}}}); }) ==
        "AveragePooling1D \"average_pooling1d\": a batch of shape (1, 1, 1); expected 2 steps or more for pool_size 2. "
        "Pad the sequences, make pool_size smaller, or set padding = \"same\".");
}

TEST_CASE("AveragePooling1D refuses options and inputs that cannot be") {
  CHECK(message_of<InvalidArgument>([] { AveragePooling1D(-2); }) ==
        "AveragePooling1D: pool_size is -2; expected a positive integer below 2^31. It is the number of steps that "
        "become one.");
  CHECK(
      message_of<ShapeError>([] {
        Sequential{AveragePooling1D({.pool_size = 4, .input_shape = {3, 2}})};
      }) ==
      "layer 0 \"average_pooling1d\" (AveragePooling1D): input is (None, 3, 2); expected 4 steps or more for pool_size "
      "4. Pad the sequences, make pool_size smaller, or set padding = \"same\".");
}
