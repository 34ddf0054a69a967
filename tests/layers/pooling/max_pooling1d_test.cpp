#include "xeras/layers/pooling/max_pooling1d.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;
using Sequences = xt::xtensor<float, 3>;  // (batch, time, features), or a kernel

namespace {

std::vector<float> pooled(MaxPooling1DOptions options) {
  MaxPooling1D layer(std::move(options));
  return LayerProbe(layer, {1, 5, 1}).forward({3, 1, 4, 1, 5});
}

}  // namespace

TEST_CASE("MaxPooling1D keeps the layer contract") {
  check_layer(MaxPooling1D(), {.input = {3, 7, 4}, .output = {3, 3, 4}, .differentiable = false});
  check_layer(MaxPooling1D({.pool_size = 3, .strides = 2, .padding = "same", .name = "pool"}),
              {.input = {2, 6, 3}, .output = {2, 3, 3}, .differentiable = false});
  check_layer(MaxPooling1D({.pool_size = 1, .strides = 2}), {.input = {2, 5, 3}, .output = {2, 3, 3}});
  check_layer(MaxPooling1D({.padding = "same"}), {.input = {1, 1, 2}, .output = {1, 1, 2}});
}

TEST_CASE("MaxPooling1D may be written as in Keras, with or without the option's name") {
  CHECK(MaxPooling1D(5).config().pool_size == 5);
  CHECK(MaxPooling1D(5).get_config() == MaxPooling1D({.pool_size = 5}).get_config());
  CHECK(MaxPooling1D().get_config() == MaxPooling1D(2).get_config());
  CHECK(*MaxPooling1D({.pool_size = 2, .strides = 1}).config().strides == 1);
  CHECK(MaxPooling1D(3).get_config().find("strides")->to_string() == "[3]");
  CHECK(MaxPooling1D(3).get_config().find("pool_size")->to_string() == "[3]");
}

TEST_CASE("MaxPooling1D reads a configuration of integers, and strides that are null") {
  MaxPooling1DOptions read;
  from_value(Value::Dict{{"pool_size", std::int64_t{3}}, {"strides", Value()}}, read, "config");
  CHECK(MaxPooling1D(read).get_config() == MaxPooling1D(3).get_config());
}

// Also the numbers of Keras 3.15.1.
TEST_CASE("MaxPooling1D is the maximum of every window") {
  CHECK(pooled({}) == std::vector<float>{3, 4});
  CHECK(pooled({.padding = "same"}) == std::vector<float>{3, 4, 5});
  CHECK(pooled({.pool_size = 3, .strides = 2}) == std::vector<float>{4, 5});
  CHECK(pooled({.pool_size = 3, .strides = 1, .padding = "same"}) == std::vector<float>{3, 4, 4, 5, 5});
  CHECK(pooled({.pool_size = 2, .strides = 3, .padding = "same"}) == std::vector<float>{3, 5});
  CHECK(pooled({.pool_size = 4, .strides = 2, .padding = "same"}) == std::vector<float>{4, 5, 5});
}

TEST_CASE("MaxPooling1D sends the gradient to the first maximum of every window") {
  MaxPooling1D layer({.pool_size = 3, .strides = 2});
  LayerProbe probe(layer, {1, 5, 2});
  const std::vector<float> x{1, 7, 4, 7, 4, 0, 2, 9, 0, 1};
  CHECK(probe.forward(x) == std::vector<float>{4, 7, 4, 9});
  CHECK(probe.backward(x, {1, 2, 4, 8}).input == std::vector<float>{0, 2, 1, 0, 4, 0, 0, 8, 0, 0});
}

TEST_CASE("MaxPooling1D shows a NaN") {
  MaxPooling1D layer(4);
  CHECK(std::isnan(LayerProbe(layer, {1, 4, 1}).forward({1, NAN, 2, 3})[0]));
}

TEST_CASE("MaxPooling1D takes sequences of any length where time is open") {
  Sequential model{MaxPooling1D({.pool_size = 2, .input_shape = {None, 1}})};
  CHECK(model.output_shape() == Shape({None, None, 1}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}, {4.0f}, {1.0f}, {5.0f}}}) == Sequences{{{3}, {4}}}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}}}) == Sequences{{{3}}}));
  CHECK(message_of<InvalidInput>([&] { model.predict(Sequences{{{3.0f}}}); }) ==
        "MaxPooling1D \"max_pooling1d\": a batch of shape (1, 1, 1); expected 2 steps or more for pool_size 2. Pad the "
        "sequences, make pool_size smaller, or set padding = \"same\".");
}

TEST_CASE("MaxPooling1D refuses options and inputs that cannot be") {
  CHECK(message_of<InvalidArgument>([] { MaxPooling1D(0); }) ==
        "MaxPooling1D: pool_size is 0; expected a positive integer below 2^31. It is the number of steps that become "
        "one.");
  CHECK(
      message_of<InvalidArgument>([] { MaxPooling1D({.strides = -1}); }) ==
      "MaxPooling1D: strides is -1; expected a positive integer below 2^31. It is the number of steps from one pool to "
      "the next.");
  CHECK(message_of<InvalidArgument>([] {
          MaxPooling1D({.padding = "causal"});
        }).starts_with("MaxPooling1D: padding \"causal\" is unknown; "));
  CHECK(message_of<InvalidArgument>([] { MaxPooling1D({.data_format = "channels_first"}); }) ==
        "MaxPooling1D: data_format is \"channels_first\"; expected \"channels_last\", (batch, time, features). Put the "
        "features last, with Permute({2, 1}).");
  CHECK(
      message_of<ShapeError>([] {
        Sequential{MaxPooling1D({.pool_size = 4, .input_shape = {3, 2}})};
      }) ==
      "layer 0 \"max_pooling1d\" (MaxPooling1D): input is (None, 3, 2); expected 4 steps or more for pool_size 4. Pad "
      "the sequences, make pool_size smaller, or set padding = \"same\".");
}
