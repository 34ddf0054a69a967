#include "xeras/layers/regularization/alpha_dropout.hpp"

#include <algorithm>

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

TEST_CASE("AlphaDropout keeps the layer contract") {
  check_layer(AlphaDropout(0.4), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(AlphaDropout(0.4, {.noise_shape = {None, 1, None}, .seed = 1}),
              {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
}

TEST_CASE("AlphaDropout keeps mean 0 and variance 1") {
  AlphaDropout layer(0.3);
  LayerProbe probe(layer, {200, 200});
  const RandomStream stream(5);
  std::vector<float> x(40000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(stream.normal(i));
  const Moments moments(probe.forward(x, {}, true));
  // Five standard errors of 40,000 draws.
  CHECK(std::abs(moments.mean) < 0.025);
  CHECK(std::abs(moments.variance - 1.0) < 0.035);
  CHECK(probe.forward(x) == x);
}

TEST_CASE("AlphaDropout sets dropped elements to one number and scales the others") {
  AlphaDropout layer(0.25);
  LayerProbe probe(layer, {100, 100});
  const std::vector<float> ones(10000, 1.0f);
  const std::vector<float> y = probe.forward(ones, {}, true);
  // By Keras's formula: a = 0.86725792, b = 0.3811814; dropped a * -1.7580993 + b.
  const float dropped = -1.14354419f, kept = 1.24843932f;
  const auto count = [&](float value) {
    return std::count_if(y.begin(), y.end(), [&](float number) { return std::abs(number - value) < 1e-6f; });
  };
  CHECK(count(dropped) > 2283);  // five standard errors
  CHECK(count(dropped) < 2717);
  CHECK(count(dropped) + count(kept) == 10000);
  const std::vector<float> dx = probe.backward(ones, ones, {}, true).input;
  for (std::size_t i = 0; i < y.size(); ++i) CHECK((dx[i] == 0.0f) == (y[i] < 0.0f));
  CHECK(std::abs(*std::max_element(dx.begin(), dx.end()) - 0.86725792f) < 1e-6f);
}

TEST_CASE("AlphaDropout shares a draw along an axis of 1 in noise_shape") {
  AlphaDropout layer(0.5, {.noise_shape = {None, 1}});
  LayerProbe probe(layer, {8, 6});
  const std::vector<float> y = probe.forward(std::vector<float>(48, 1.0f), {}, true);
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(y[i] == y[i / 6 * 6]);
}

TEST_CASE("AlphaDropout refuses in training, not in predictions, a batch that its noise shape does not have") {
  Sequential model{AlphaDropout(0.5, {.noise_shape = {4, 1}, .input_shape = Shape{3}})};
  const xt::xarray<float> x = xt::ones<float>({5, 3});
  CHECK((model(x) == Tensor(x)));
  const xt::xarray<float> four = xt::ones<float>({4, 3});
  CHECK_NOTHROW(model(four, true));
  CHECK(message_of<InvalidInput>([&] { model(x, true); }) ==
        "AlphaDropout \"alpha_dropout\": a batch of shape (5, 3) does not match noise_shape (4, 1); expected 4 samples "
        "in training. Write None for the batch axis to take any number.");
}

TEST_CASE("AlphaDropout refuses rates and noise shapes that cannot be") {
  CHECK(message_of<InvalidArgument>([] { AlphaDropout(1.0); }) ==
        "AlphaDropout: rate is 1; expected a fraction in [0, 1). It is the share of elements that are dropped.");
  CHECK(message_of<ShapeError>([] {
          Sequential{AlphaDropout(0.5, {.noise_shape = {None, 3}, .input_shape = Shape{4}})};
        }) ==
        "layer 0 \"alpha_dropout\" (AlphaDropout): noise_shape is (None, 3) and input is (None, 4); expected as many "
        "axes, each None, 1 or the input's size. Write None for an axis that is as long as the input's.");
}
