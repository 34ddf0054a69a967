#include "xeras/layers/activation/relu.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("ReLU keeps the layer contract") {
  check_layer(ReLU(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(ReLU({.max_value = 0.5, .negative_slope = 0.25}), {.input = {3, 4}, .output = {3, 4}});
}

TEST_CASE("ReLU cuts at max_value, and has a threshold and a slope below it") {
  ReLU layer({.max_value = 4.0, .negative_slope = 0.5, .threshold = 1.0});
  LayerProbe probe(layer, {1, 4});
  CHECK(probe.forward({-2, 0.5f, 2, 5}) == std::vector<float>{-1.5f, -0.25f, 2, 4});
  CHECK(probe.backward({-2, 0.5f, 2, 5}, {1, 1, 1, 1}).input == std::vector<float>{0.5f, 0.5f, 1, 0});
}

TEST_CASE("ReLU is named as in Keras") {
  Sequential model{ReLU({.input_shape = Shape{2}}), LeakyReLU(), PReLU(), ELU()};
  std::vector<std::string> names;
  for (const AnyLayer& layer : model.layers()) names.push_back(layer->name());
  CHECK(names == std::vector<std::string>{"re_lu", "leaky_re_lu", "p_re_lu", "elu"});
}

TEST_CASE("ReLU refuses options below 0") {
  CHECK(message_of<InvalidArgument>([] { ReLU({.max_value = -1.0}); }) ==
        "ReLU: max_value is -1; expected a finite number >= 0.");
  CHECK(message_of<InvalidArgument>([] { ReLU({.negative_slope = -1.0}); }) ==
        "ReLU: negative_slope is -1; expected a finite number >= 0.");
  CHECK(message_of<InvalidArgument>([] { ReLU({.threshold = -1.0}); }) ==
        "ReLU: threshold is -1; expected a finite number >= 0.");
}

TEST_CASE("ReLU takes max_value without its name") {
  CHECK(ReLU(2).config().max_value == 2.0);
  CHECK(ReLU(0.5f).config().max_value == 0.5);
}
