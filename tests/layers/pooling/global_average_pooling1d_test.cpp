#include "xeras/layers/pooling/global_average_pooling1d.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("GlobalAveragePooling1D keeps the layer contract") {
  check_layer(GlobalAveragePooling1D(), {.input = {3, 5, 4}, .output = {3, 4}, .uses_mask = true});
  check_layer(GlobalAveragePooling1D({.keepdims = true}), {.input = {2, 1, 4}, .output = {2, 1, 4}, .uses_mask = true});
}

TEST_CASE("GlobalAveragePooling1D is the mean of the steps that are not masked") {
  GlobalAveragePooling1D layer;
  LayerProbe probe(layer, {2, 3, 2}, true);
  const std::vector<float> x{1, 2, 3, 4, 100, 100, 5, 6, 7, 8, 9, 10};
  CHECK(probe.forward(x, {1, 1, 0, 1, 1, 1}) == std::vector<float>{2, 3, 7, 8});
  CHECK(probe.backward(x, {2, 4, 3, 6}, {1, 1, 0, 1, 1, 1}).input ==
        std::vector<float>{1, 2, 1, 2, 0, 0, 1, 2, 1, 2, 1, 2});
}

TEST_CASE("GlobalAveragePooling1D gives zeros for a row that is masked everywhere") {
  GlobalAveragePooling1D layer;
  LayerProbe probe(layer, {1, 2, 2}, true);
  CHECK(probe.forward({1, 2, 3, 4}, {0, 0}) == std::vector<float>{0, 0});
  CHECK(probe.backward({1, 2, 3, 4}, {1, 1}, {0, 0}).input == std::vector<float>{0, 0, 0, 0});
}
