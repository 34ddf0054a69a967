#include "xeras/layers/reshaping/permute.hpp"

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

TEST_CASE("Permute keeps the layer contract") {
  check_layer(Permute({2, 1}), {.input = {3, 4, 2}, .output = {3, 2, 4}});
  check_layer(Permute({3, 1, 2}, {.name = "turn"}), {.input = {2, 3, 4, 5}, .output = {2, 5, 3, 4}});
  check_layer(Permute({1, 2}), {.input = {2, 3, 4}, .output = {2, 3, 4}});
  check_layer(Permute({1}), {.input = {1, 3}, .output = {1, 3}});
}

TEST_CASE("Permute swaps time and features, and the gradients back") {
  Permute layer({2, 1});
  LayerProbe probe(layer, {2, 2, 3});
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const std::vector<float> y{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12};
  CHECK(probe.forward(x) == y);
  CHECK(probe.backward(x, y).input == x);
}

TEST_CASE("Permute puts axis dims[i] of the input in place i of the output") {
  Permute layer({3, 1, 2});
  LayerProbe probe(layer, {1, 2, 1, 3});
  CHECK(probe.forward({1, 2, 3, 4, 5, 6}) == std::vector<float>{1, 4, 2, 5, 3, 6});  // (1, 3, 2, 1)
}

TEST_CASE("Permute takes axes of any length where they are open") {
  Sequential model{Permute({2, 1}, {.input_shape = {None, 2}})};
  CHECK(model.output_shape() == Shape({None, 2, None}));
  CHECK((model.predict(Sequences{{{1.0f, 2.0f}, {3.0f, 4.0f}, {5.0f, 6.0f}}}) == Sequences{{{1, 3, 5}, {2, 4, 6}}}));
  CHECK((model.predict(Sequences{{{1.0f, 2.0f}}}) == Sequences{{{1}, {2}}}));
}

TEST_CASE("Permute refuses dims that are no permutation and inputs with more or fewer axes") {
  CHECK(
      message_of<InvalidArgument>([] {
        Permute({0, 1});
      }) ==
      "Permute: dims is (0, 1); expected each of 1, 2, ... once, at most 7. Count the axes from 1, without the batch.");
  CHECK(message_of<InvalidArgument>([] { Permute(PermuteConfig{}); }) ==
        "Permute: dims is (); expected each of 1, 2, ... once, at most 7. Count the axes from 1, without the batch.");
  CHECK_THROWS_AS(Permute({1, 1}), InvalidArgument);
  CHECK_THROWS_AS(Permute({1, 3}), InvalidArgument);
  CHECK(
      message_of<ShapeError>([] {
        Sequential{Dense(2, {.input_shape = {3}}), Permute({2, 1})};
      }) ==
      "layer 1 \"permute\" (Permute): input is (None, 2); expected 2 axes after the batch for dims (2, 1). Name every "
      "axis.");
  CHECK_THROWS_AS((Sequential{Embedding(5, 2, {.mask_zero = true}), Permute({2, 1})}), MaskError);
  CHECK_THROWS_AS((Sequential{Embedding(5, 2, {.mask_zero = true}), Permute({1, 2})}), MaskError);
}
