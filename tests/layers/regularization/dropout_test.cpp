#include "xeras/layers/regularization/dropout.hpp"

#include <algorithm>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("Dropout keeps the layer contract") {
  check_layer(Dropout(0.4), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(Dropout(0.4, {.noise_shape = {None, 1, 4}, .seed = 3}),
              {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
}

TEST_CASE("Dropout drops its share in training and scales the rest, forward and backward alike") {
  Dropout layer(0.25);
  LayerProbe probe(layer, {100, 100});
  const std::vector<float> ones(10000, 1.0f);
  const std::vector<float> y = probe.forward(ones, {}, true);
  const auto dropped = std::count(y.begin(), y.end(), 0.0f);
  CHECK(dropped > 2300);
  CHECK(dropped < 2700);
  CHECK(std::count(y.begin(), y.end(), 1.0f / 0.75f) == 10000 - dropped);
  CHECK(probe.backward(ones, ones, {}, true).input == y);
  CHECK(probe.forward(ones) == ones);
}

TEST_CASE("Dropout of rate 1 drops everything") {
  Dropout layer(1.0);
  LayerProbe probe(layer, {1, 3});
  CHECK(probe.forward({1, 2, 3}, {}, true) == std::vector<float>{0, 0, 0});
}

TEST_CASE("Dropout shares a draw along an axis of 1 in noise_shape") {
  Dropout layer(0.5, {.noise_shape = {None, 1, None}});
  LayerProbe probe(layer, {8, 6, 4});
  const std::vector<float> y = probe.forward(std::vector<float>(8 * 6 * 4, 1.0f), {}, true);
  for (std::size_t b = 0; b < 8; ++b) {
    for (std::size_t t = 1; t < 6; ++t) {
      for (std::size_t d = 0; d < 4; ++d) CHECK(y[(b * 6 + t) * 4 + d] == y[b * 24 + d]);
    }
  }
}

TEST_CASE("Dropout drops where its stream's number is below the rate, whatever axes share draws") {
  for (const auto& [noise_shape, draw_of] :
       std::vector<std::pair<Shape, std::size_t (*)(std::size_t, std::size_t, std::size_t)>>{
           {{}, [](std::size_t b, std::size_t t, std::size_t d) { return (b * 3 + t) * 5 + d; }},
           {{None, 1, None}, [](std::size_t b, std::size_t, std::size_t d) { return b * 5 + d; }},
           {{None, None, 1}, [](std::size_t b, std::size_t t, std::size_t) { return b * 3 + t; }},
           {{1, 3, 5}, [](std::size_t, std::size_t t, std::size_t d) { return t * 5 + d; }}}) {
    Dropout layer(0.5, {.noise_shape = noise_shape, .seed = 11});
    LayerProbe probe(layer, {4, 3, 5});
    const std::vector<float> y = probe.forward(std::vector<float>(4 * 3 * 5, 1.0f), {}, true);
    const RandomStream stream(11, 1);  // of the probe's step
    for (std::size_t i = 0; i < y.size(); ++i) {
      CHECK(y[i] == (stream.uniform(draw_of(i / 15, i / 5 % 3, i % 5)) < 0.5 ? 0.0f : 2.0f));
    }
  }
}

TEST_CASE("Dropout takes a noise shape with the size of the batch") {
  Dropout layer(0.5, {.noise_shape = {4, 1, 3}, .seed = 11}), open(0.5, {.noise_shape = {None, 1, None}, .seed = 11});
  LayerProbe probe(layer, {4, 6, 3}), open_probe(open, {4, 6, 3});
  const std::vector<float> ones(4 * 6 * 3, 1.0f);
  const std::vector<float> y = probe.forward(ones, {}, true);
  CHECK(std::count(y.begin(), y.end(), 0.0f) > 0);
  CHECK(y == open_probe.forward(ones, {}, true));
}

TEST_CASE("Dropout refuses in training, not in predictions, a batch that its noise shape does not have") {
  Sequential model{Dropout(0.5, {.noise_shape = {4, 1, 3}, .input_shape = {6, 3}})};
  const xt::xarray<float> x = xt::ones<float>({5, 6, 3});
  CHECK((model(x) == Tensor(x)));
  CHECK(message_of<InvalidInput>([&] { model(x, true); }) ==
        "Dropout \"dropout\": a batch of shape (5, 6, 3) does not match noise_shape (4, 1, 3); expected 4 samples in "
        "training. Write None for the batch axis to take any number.");
}

TEST_CASE("Dropout with a seed repeats its sequence of draws in every model") {
  const auto two_calls = [] {
    Sequential model{Dropout(0.5, {.seed = 11, .input_shape = Shape{50}})};
    const xt::xarray<float> x = xt::ones<float>({2, 50});
    const Tensor first = model(x, true);
    return std::pair(first, model(x, true));
  };
  const auto [a, b] = two_calls();
  const auto [c, d] = two_calls();
  CHECK((a == c));
  CHECK((b == d));
  CHECK((a != b));
}

TEST_CASE("Dropout refuses rates and noise shapes that cannot be") {
  CHECK(message_of<InvalidArgument>([] { Dropout(1.5); }) ==
        "Dropout: rate is 1.5; expected a fraction in [0, 1]. It is the share of elements that are set to 0.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Dropout(0.5, {.noise_shape = {None, 3}, .input_shape = Shape{4}})};
        }) ==
        "layer 0 \"dropout\" (Dropout): noise_shape is (None, 3) and input is (None, 4); expected as many axes, each "
        "None, 1 or the input's size. Write None for an axis that is as long as the input's.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Embedding(9, 2, {.batch_input_shape = {4, 5}}), Dropout(0.5, {.noise_shape = {3, 1, 2}})};
        }) ==
        "layer 1 \"dropout\" (Dropout): noise_shape is (3, 1, 2) and input is (4, 5, 2); expected as many axes, each "
        "None, 1 or the input's size. Write None for an axis that is as long as the input's.");
}
