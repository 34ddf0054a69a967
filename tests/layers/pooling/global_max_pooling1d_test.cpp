#include "xeras/layers/pooling/global_max_pooling1d.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("GlobalMaxPooling1D keeps the layer contract") {
  check_layer(GlobalMaxPooling1D(), {.input = {3, 5, 4}, .output = {3, 4}, .uses_mask = true, .differentiable = false});
  check_layer(GlobalMaxPooling1D({.keepdims = true}), {.input = {2, 1, 4}, .output = {2, 1, 4}, .uses_mask = true});
}

TEST_CASE("GlobalMaxPooling1D is the maximum of the steps that are not masked") {
  GlobalMaxPooling1D layer;
  LayerProbe probe(layer, {2, 3, 2}, true);
  const std::vector<float> x{1, 9, -3, 4, 100, 100, -5, -6, -7, -8, -9, -1};
  CHECK(probe.forward(x, {1, 1, 0, 1, 1, 1}) == std::vector<float>{1, 9, -5, -1});
  CHECK(probe.backward(x, {2, 4, 3, 6}, {1, 1, 0, 1, 1, 1}).input ==
        std::vector<float>{2, 4, 0, 0, 0, 0, 3, 0, 0, 0, 0, 6});
}

TEST_CASE("GlobalMaxPooling1D gives zeros for a row that is masked everywhere") {
  GlobalMaxPooling1D layer;
  LayerProbe probe(layer, {1, 2, 2}, true);
  CHECK(probe.forward({-1, -2, -3, -4}, {0, 0}) == std::vector<float>{0, 0});
  CHECK(probe.backward({-1, -2, -3, -4}, {1, 1}, {0, 0}).input == std::vector<float>{0, 0, 0, 0});
}

TEST_CASE("GlobalMaxPooling1D shows a NaN, wherever it stands") {
  GlobalMaxPooling1D layer;
  LayerProbe probe(layer, {1, 3, 3});
  const std::vector<float> x{NAN, 1, 1, 2, NAN, 2, 3, 3, NAN};
  for (const float y : probe.forward(x)) CHECK(std::isnan(y));
  CHECK(probe.backward(x, {1, 2, 3}).input == std::vector<float>{1, 0, 0, 0, 2, 0, 0, 0, 3});
}

// As MaxPooling1D does. Keras splits it: 1/3 for each of the equals, with TensorFlow and with torch.
TEST_CASE("GlobalMaxPooling1D sends the gradient to the first of equal maxima") {
  GlobalMaxPooling1D layer;
  LayerProbe probe(layer, {1, 4, 2});
  const std::vector<float> x{1, 2, 3, 2, 3, 0, 3, 2};
  CHECK(probe.backward(x, {1, 1}).input == std::vector<float>{0, 1, 1, 0, 0, 0, 0, 0});
}
