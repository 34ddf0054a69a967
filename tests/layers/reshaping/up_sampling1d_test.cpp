#include "xeras/layers/reshaping/up_sampling1d.hpp"

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

TEST_CASE("UpSampling1D keeps the layer contract") {
  check_layer(UpSampling1D(), {.input = {3, 4, 2}, .output = {3, 8, 2}});
  check_layer(UpSampling1D({.size = 3, .name = "up"}), {.input = {1, 1, 2}, .output = {1, 3, 2}});
  CHECK(UpSampling1D(3).get_config() == UpSampling1D({.size = 3}).get_config());
}

TEST_CASE("UpSampling1D repeats every step and sums the gradients of the copies") {
  UpSampling1D layer(2);
  LayerProbe probe(layer, {1, 2, 2});
  CHECK(probe.forward({1, 2, 3, 4}) == std::vector<float>{1, 2, 1, 2, 3, 4, 3, 4});
  CHECK(probe.backward({1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8}).input == std::vector<float>{4, 6, 12, 14});
}

TEST_CASE("UpSampling1D takes sequences of any length where time is open") {
  Sequential model{UpSampling1D({.input_shape = {None, 1}})};
  CHECK(model.output_shape() == Shape({None, None, 1}));
  CHECK((model.predict(Sequences{{{3.0f}}}) == Sequences{{{3}, {3}}}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}}}) == Sequences{{{3}, {3}, {1}, {1}}}));
}

TEST_CASE("UpSampling1D refuses a size that is not positive") {
  CHECK(
      message_of<InvalidArgument>([] { UpSampling1D(0); }) ==
      "UpSampling1D: size is 0; expected a positive integer below 2^31. It is the number of times that each step comes "
      "out.");
}
