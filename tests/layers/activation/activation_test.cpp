#include "xeras/layers/activation/activation.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("Activation keeps the layer contract") {
  for (const char* name : {"tanh", "softmax", "silu", "linear"}) {
    check_layer(Activation(name), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  }
}

TEST_CASE("Activation applies the function, and an object's options") {
  Activation layer(activations::Relu({.max_value = 2.0}));
  LayerProbe probe(layer, {1, 3});
  CHECK(probe.forward({-1, 1, 3}) == std::vector<float>{0, 1, 2});
  CHECK(probe.backward({-1, 1, 3}, {1, 1, 1}).input == std::vector<float>{0, 1, 0});
}
