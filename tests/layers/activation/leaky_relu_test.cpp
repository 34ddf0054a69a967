#include "xeras/layers/activation/leaky_relu.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("LeakyReLU keeps the layer contract") {
  check_layer(LeakyReLU(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(LeakyReLU({.negative_slope = 0.0}), {.input = {3, 4}, .output = {3, 4}});
}

TEST_CASE("LeakyReLU has Keras's slope of 0.3 below 0") {
  LeakyReLU layer;
  LayerProbe probe(layer, {1, 2});
  CHECK(probe.forward({-2, 3}) == std::vector<float>{-0.6f, 3});
  CHECK(probe.backward({-2, 3}, {1, 2}).input == std::vector<float>{0.3f, 2});
}

TEST_CASE("LeakyReLU refuses a negative slope below 0") {
  CHECK(message_of<InvalidArgument>([] { LeakyReLU({.negative_slope = -1.0, .name = "a"}); }) ==
        "LeakyReLU \"a\": negative_slope is -1; expected a finite number >= 0.");
}

TEST_CASE("LeakyReLU takes negative_slope without its name") {
  CHECK(LeakyReLU(2).config().negative_slope == 2.0);
  CHECK(LeakyReLU(0.5f).config().negative_slope == 0.5);
}
