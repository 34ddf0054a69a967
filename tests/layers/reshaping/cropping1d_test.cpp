#include "xeras/layers/reshaping/cropping1d.hpp"

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

TEST_CASE("Cropping1D keeps the layer contract") {
  check_layer(Cropping1D(), {.input = {3, 4, 2}, .output = {3, 2, 2}});
  check_layer(Cropping1D({.cropping = {0, 2}, .name = "crop"}), {.input = {1, 3, 2}, .output = {1, 1, 2}});
}

TEST_CASE("Cropping1D may be written as in Keras, with or without the option's name") {
  CHECK(Cropping1D(2).get_config() == Cropping1D({.cropping = 2}).get_config());
  CHECK(Cropping1D({1, 2}).get_config() == Cropping1D({.cropping = {1, 2}}).get_config());
  CHECK(Cropping1D({1, 0}).get_config().find("cropping")->to_string() == "[1, 0]");
}

TEST_CASE("Cropping1D leaves out the ends of every sequence, whose gradients are 0") {
  Cropping1D layer({1, 2});
  LayerProbe probe(layer, {2, 4, 1});
  CHECK(probe.forward({1, 2, 3, 4, 5, 6, 7, 8}) == std::vector<float>{2, 6});
  CHECK(probe.backward({1, 2, 3, 4, 5, 6, 7, 8}, {10, 20}).input == std::vector<float>{0, 10, 0, 0, 0, 20, 0, 0});
}

TEST_CASE("Cropping1D takes sequences of any length where time is open, as long as a step is left") {
  Sequential model{Cropping1D({.cropping = {1, 0}, .input_shape = {None, 1}})};
  CHECK(model.output_shape() == Shape({None, None, 1}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}}}) == Sequences{{{1}}}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}, {2.0f}}}) == Sequences{{{1}, {2}}}));
  CHECK(message_of<InvalidInput>([&] { model.predict(Sequences{{{3.0f}}}); }) ==
        "Cropping1D \"cropping1d\": a batch of shape (1, 1, 1); expected more than 1 steps for cropping (1, 0). Crop "
        "less, or pad the sequences.");
}

TEST_CASE("Cropping1D does not pass a mask on, also where time is open") {
  CHECK_THROWS_AS((Sequential{Embedding(5, 2, {.mask_zero = true}), Cropping1D(1)}), MaskError);
}

TEST_CASE("Cropping1D refuses options and inputs that cannot be") {
  CHECK(
      message_of<InvalidArgument>([] { Cropping1D(-1); }) ==
      "Cropping1D: cropping is (-1, -1); expected integers from 0 to below 2^31. They are numbers of steps before the "
      "first and after the last.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Cropping1D({.cropping = 2, .input_shape = {4, 1}})};
        }) ==
        "layer 0 \"cropping1d\" (Cropping1D): input is (None, 4, 1); expected more than 4 steps for cropping (2, 2). "
        "Crop less, or pad the sequences.");
}
