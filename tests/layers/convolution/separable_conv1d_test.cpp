#include "xeras/layers/convolution/separable_conv1d.hpp"

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

TEST_CASE("SeparableConv1D keeps the layer contract") {
  check_layer(SeparableConv1D(4, 3),
              {.input = {3, 7, 5},
               .output = {3, 5, 4},
               .weights = {"depthwise_kernel (3, 5, 1)", "pointwise_kernel (1, 5, 4)", "bias (4,)"}});
  check_layer(SeparableConv1D(3, 2, {.strides = 2, .padding = "same", .depth_multiplier = 3, .activation = "gelu"}),
              {.input = {2, 5, 2},
               .output = {2, 3, 3},
               .weights = {"depthwise_kernel (2, 2, 3)", "pointwise_kernel (1, 6, 3)", "bias (3,)"}});
  check_layer(SeparableConv1D(3, 3, {.dilation_rate = 2, .activation = "tanh", .use_bias = false}),
              {.input = {2, 6, 2},
               .output = {2, 2, 3},
               .weights = {"depthwise_kernel (3, 2, 1)", "pointwise_kernel (1, 2, 3)"}});
  check_layer(SeparableConv1D(2, 1),
              {.input = {1, 1, 3},
               .output = {1, 1, 2},
               .weights = {"depthwise_kernel (1, 3, 1)", "pointwise_kernel (1, 3, 2)", "bias (2,)"}});
}

// Also the numbers of Keras 3.15.1.
TEST_CASE("SeparableConv1D convolves each feature by itself, then all features of a step") {
  SeparableConv1D layer(2, 2, {.depth_multiplier = 2});
  LayerProbe probe(layer, {1, 3, 2});
  layer.set_weights({Sequences{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}, Sequences{{{1, 2}, {3, 4}, {5, 6}, {7, 8}}},
                     xt::xarray<float>{10, 20}});
  CHECK(probe.forward({1, 2, 3, 4, 5, 6}) == std::vector<float>{536, 656, 864, 1056});
}

TEST_CASE("SeparableConv1D may have strides and a dilation_rate at once") {
  SeparableConv1D layer(2, 2, {.strides = 2, .dilation_rate = 2});
  LayerProbe probe(layer, {1, 5, 2});
  layer.set_weights({Sequences{{{1}, {2}}, {{3}, {4}}}, Sequences{{{1, 2}, {3, 4}}}, xt::xarray<float>{10, 20}});
  CHECK(probe.forward({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) == std::vector<float>{110, 164, 198, 292});
}

TEST_CASE("SeparableConv1D takes sequences of any length where time is open") {
  Sequential model{SeparableConv1D(3, 2, {.strides = 2, .activation = "silu", .input_shape = {None, 2}})};
  CHECK(model.output_shape() == Shape({None, None, 3}));
  for (std::size_t time : {2, 5}) {
    Sequential fixed{SeparableConv1D(3, 2, {.strides = 2, .activation = "silu", .input_shape = {time, 2}})};
    fixed.set_weights(model.get_weights());
    const xt::xarray<float> x = xt::reshape_view(xt::arange<float>(static_cast<float>(2 * time)), {1ul, time, 2ul});
    CHECK((fixed.predict(x) == model.predict(x)));
  }
  CHECK(message_of<InvalidInput>([&] {
          model.predict(Sequences{{{1.0f, 2.0f}}});
        }) ==
        "SeparableConv1D \"separable_conv1d\": a batch of shape (1, 1, 2); expected 2 steps or more for kernel_size 2. "
        "Pad the sequences, make kernel_size smaller, or set padding = \"same\".");
}

TEST_CASE("SeparableConv1D learns as a first layer and behind another") {
  for (const bool first : {true, false}) {
    Sequential model;
    if (!first) model.add(Dense(2, {.input_shape = {4, 2}}));
    model.add(SeparableConv1D(2, 2, {.input_shape = {4, 2}}));
    model.add(GlobalAveragePooling1D());
    model.compile(optimizers::SGD({.learning_rate = 0.05}), "mse");
    const xt::xarray<float> x = xt::ones<float>({3, 4, 2});
    const Tensor y = xt::ones<float>({3, 2});
    const double before = model.train_on_batch(x, y)["loss"];
    for (int step = 0; step < 200; ++step) model.train_on_batch(x, y);
    CHECK(model.test_on_batch(x, y)["loss"] < before);
  }
}

TEST_CASE("SeparableConv1D refuses options that cannot be") {
  CHECK(message_of<InvalidArgument>([] {
          SeparableConv1D(4, 2, {.padding = "causal"});
        }).starts_with("SeparableConv1D: padding \"causal\" is unknown; "));
  CHECK(message_of<InvalidArgument>([] { SeparableConv1D(4, 2, {.depth_multiplier = 0}); }) ==
        "SeparableConv1D: depth_multiplier is 0; expected a positive integer below 2^31. It is the number of features "
        "that the first step makes of each.");
  CHECK(message_of<InvalidArgument>([] { SeparableConv1D(-4, 2); }) ==
        "SeparableConv1D: filters is -4; expected a positive integer below 2^31. It is the number of features of the "
        "output.");
  CHECK(
      message_of<ShapeError>([] {
        Sequential{SeparableConv1D(4, 3, {.input_shape = {8, None}})};
      }) ==
      "layer 0 \"separable_conv1d\" (SeparableConv1D): input is (None, 8, None); expected a known last axis. Give the "
      "first layer an input_shape without None.");
}
