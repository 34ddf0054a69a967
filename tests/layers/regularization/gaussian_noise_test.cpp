#include "xeras/layers/regularization/gaussian_noise.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "support/moments.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("GaussianNoise keeps the layer contract") {
  check_layer(GaussianNoise(0.3), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(GaussianNoise(0.0, {.seed = 1}), {.input = {3, 4}, .output = {3, 4}});
}

TEST_CASE("GaussianNoise adds noise of its standard deviation in training") {
  GaussianNoise layer(0.5);
  LayerProbe probe(layer, {100, 100});
  const std::vector<float> x(10000, 3.0f);
  const Moments moments(probe.forward(x, {}, true));
  // Five standard errors of 10,000 draws.
  CHECK(std::abs(moments.mean - 3.0) < 0.025);
  CHECK(std::abs(moments.variance - 0.25) < 0.018);
  CHECK(probe.forward(x) == x);
  CHECK(probe.backward(x, x, {}, true).input == x);
}

TEST_CASE("GaussianNoise draws anew in each step, and repeats with a seed") {
  const auto two_calls = [] {
    Sequential model{GaussianNoise(0.5, {.seed = 11, .input_shape = Shape{5}})};
    const Tensor x = model.predict({{1.0f, 1.0f, 1.0f, 1.0f, 1.0f}});
    const Tensor first = model(x, true);
    return std::pair(first, model(x, true));
  };
  const auto [a, b] = two_calls();
  const auto [c, d] = two_calls();
  CHECK((a == c));
  CHECK((b == d));
  CHECK((a != b));
}

TEST_CASE("GaussianNoise refuses what Keras refuses") {
  CHECK(message_of<InvalidArgument>([] { GaussianNoise(1.5); }) ==
        "GaussianNoise: stddev is 1.5; expected a number in [0, 1]. Scale the input to the noise.");
  CHECK_THROWS_AS(GaussianNoise(-0.1), InvalidArgument);
}
