#include "xeras/layers/activation/prelu.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("PReLU keeps the layer contract") {
  check_layer(PReLU({.alpha_initializer = "uniform"}), {.input = {3, 5}, .output = {3, 5}, .weights = {"alpha (5,)"}});
  check_layer(PReLU(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .weights = {"alpha (3, 4)"}, .passes_mask = true});
  check_layer(PReLU({.alpha_initializer = "uniform", .shared_axes = 1}),
              {.input = {2, 3, 4}, .output = {2, 3, 4}, .weights = {"alpha (1, 4)"}, .passes_mask = true});
  check_layer(PReLU({.shared_axes = {1, 2}}),
              {.input = {2, 3, 4}, .output = {2, 3, 4}, .weights = {"alpha (1, 1)"}, .passes_mask = true});
}

// Keras 3.15's numbers, also worked by hand.
TEST_CASE("PReLU multiplies what is below 0 by alpha") {
  PReLU layer({.shared_axes = 1});
  LayerProbe probe(layer, {2, 3, 2});
  layer.set_weights({xt::xarray<float>{{0.25f, 0.5f}}});
  const std::vector<float> x{1, 2, 3, -1, 5, 7, 0, 4, 2, 2, -3, 1};
  const std::vector<float> dy{1, -1, 2, 0.5f, 0, 1, -1, 2, 1, 1, 0.5f, -2};
  CHECK(probe.forward(x) == std::vector<float>{1, 2, 3, -0.5f, 5, 7, 0, 4, 2, 2, -0.75f, 1});
  const auto gradients = probe.backward(x, dy);
  CHECK(gradients.input == std::vector<float>{1, -1, 2, 0.25f, 0, 1, 0, 2, 1, 1, 0.125f, -2});
  CHECK(gradients.weights[0] == std::vector<float>{-1.5f, -0.5f});
}

TEST_CASE("PReLU with a shared time axis needs no length") {
  Sequential model{Embedding(5, 3), PReLU({.shared_axes = 1})};
  CHECK(model.layers()[1]->count_params() == 3);
  CHECK(model.predict({{1, 2, 3, 4}}).size() == 12);
}

// Keras 3.15 makes alpha (1, 3) of this.
TEST_CASE("PReLU shares the axis before the last for shared_axes = -1, as in Keras") {
  Sequential model{PReLU({.shared_axes = -1, .input_shape = {2, 3}})};
  CHECK(model.get_weights()[0].shape()[0] == 1);
  CHECK(model.get_weights()[0].shape()[1] == 3);
  CHECK_THROWS_AS((Sequential{PReLU({.shared_axes = -1, .input_shape = {3}})}), ShapeError);
}

TEST_CASE("PReLU refuses axes that cannot be shared, and sizes that are not known") {
  CHECK(message_of<InvalidArgument>([] {
          PReLU({.shared_axes = {0, 1}});
        }) == "PReLU: shared_axes is (0, 1); expected axes from 1 on. 1 is the first after the batch.");
  CHECK(message_of<ShapeError>([] { Sequential{PReLU({.shared_axes = 2, .input_shape = Shape{3}})}; }) ==
        "layer 0 \"p_re_lu\" (PReLU): shared_axes is 2 and input is (None, 3); expected axes in 1..1 or -1..-1. Axis 0 "
        "is the batch.");
  Sequential model{Embedding(5, 3)};
  CHECK(message_of<ShapeError>([&] { model.add(PReLU()); }) ==
        "layer 1 \"p_re_lu\" (PReLU): input is (None, None, 3); expected a known size of axis 1, which the weights "
        "have. Give the first layer an input_shape without None, or an Embedding input_length.");
}
