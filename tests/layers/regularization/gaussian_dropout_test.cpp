#include "xeras/layers/regularization/gaussian_dropout.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "support/moments.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("GaussianDropout keeps the layer contract") {
  check_layer(GaussianDropout(0.4), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(GaussianDropout(0.4, {.seed = 1}), {.input = {3, 4}, .output = {3, 4}});
}

TEST_CASE("GaussianDropout multiplies by noise of mean 1 in training, forward and backward alike") {
  GaussianDropout layer(0.2);
  LayerProbe probe(layer, {100, 100});
  const std::vector<float> x(10000, 2.0f);
  const std::vector<float> y = probe.forward(x, {}, true);
  const Moments moments(y);
  // 2 (1 + 0.5 z), with sqrt(0.2 / 0.8) = 0.5; five standard errors of 10,000 draws.
  CHECK(std::abs(moments.mean - 2.0) < 0.05);
  CHECK(std::abs(moments.variance - 1.0) < 0.071);
  CHECK(probe.backward(x, x, {}, true).input == y);
  CHECK(probe.forward(x) == x);
}

TEST_CASE("GaussianDropout refuses rates whose noise would be infinite") {
  CHECK(message_of<InvalidArgument>([] { GaussianDropout(1.0); }) ==
        "GaussianDropout: rate is 1; expected a fraction in [0, 1). The noise has standard deviation sqrt(rate / (1 - "
        "rate)).");
}
