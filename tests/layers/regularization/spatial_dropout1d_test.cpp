#include "xeras/layers/regularization/spatial_dropout1d.hpp"

#include <algorithm>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("SpatialDropout1D keeps the layer contract") {
  check_layer(SpatialDropout1D(0.4), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(SpatialDropout1D(0.0, {.seed = 3}), {.input = {2, 1, 4}, .output = {2, 1, 4}, .passes_mask = true});
}

TEST_CASE("SpatialDropout1D drops features at all steps, forward and backward alike") {
  SpatialDropout1D layer(0.25);
  LayerProbe probe(layer, {50, 4, 40});
  const std::vector<float> ones(50 * 4 * 40, 1.0f);
  const std::vector<float> y = probe.forward(ones, {}, true);
  for (std::size_t b = 0; b < 50; ++b) {
    for (std::size_t t = 1; t < 4; ++t) {
      for (std::size_t d = 0; d < 40; ++d) CHECK(y[(b * 4 + t) * 40 + d] == y[b * 160 + d]);
    }
  }
  const auto dropped = std::count(y.begin(), y.end(), 0.0f) / 4;  // of 2000 features: 500, five standard errors
  CHECK(dropped > 403);
  CHECK(dropped < 597);
  CHECK(std::count(y.begin(), y.end(), 1.0f / 0.75f) == 8000 - 4 * dropped);
  CHECK(probe.backward(ones, ones, {}, true).input == y);
  CHECK(probe.forward(ones) == ones);
}

TEST_CASE("SpatialDropout1D draws as Dropout does with a noise shape") {
  SpatialDropout1D spatial(0.5, {.seed = 7});
  Dropout plain(0.5, {.noise_shape = {None, 1, None}, .seed = 7});
  LayerProbe a(spatial, {4, 3, 5}), b(plain, {4, 3, 5});
  const std::vector<float> x(60, 2.0f);
  CHECK(a.forward(x, {}, true) == b.forward(x, {}, true));
}

TEST_CASE("SpatialDropout1D refuses rates that cannot be and inputs without time") {
  CHECK(message_of<InvalidArgument>([] { SpatialDropout1D(-0.5); }) ==
        "SpatialDropout1D: rate is -0.5; expected a fraction in [0, 1]. It is the share of features that are set to "
        "0.");
  CHECK_THROWS_AS((Sequential{SpatialDropout1D(0.5, {.input_shape = Shape{3}})}), ShapeError);
}
