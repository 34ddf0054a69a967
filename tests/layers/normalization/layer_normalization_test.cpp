#include "xeras/layers/normalization/layer_normalization.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

namespace {

constexpr double keras_tolerance = 2e-6;     // float arithmetic in another order
constexpr double gradient_tolerance = 1e-5;  // differences of nearly equal numbers

// (2, 3, 2).
const std::vector<float> x{1, 2, 3, -1, 5, 7, 0, 4, 2, 2, -3, 1};
const std::vector<float> dy{1, -1, 2, 0.5f, 0, 1, -1, 2, 1, 1, 0.5f, -2};

}  // namespace

TEST_CASE("LayerNormalization keeps the layer contract") {
  check_layer(LayerNormalization(), {.input = {3, 5}, .output = {3, 5}, .weights = {"gamma (5,)", "beta (5,)"}});
  check_layer(LayerNormalization({.epsilon = 0.1, .beta_initializer = "uniform", .gamma_initializer = "uniform"}),
              {.input = {2, 3, 5}, .output = {2, 3, 5}, .weights = {"gamma (5,)", "beta (5,)"}, .passes_mask = true});
  check_layer(LayerNormalization({.axis = {1, -1}}),
              {.input = {2, 3, 5}, .output = {2, 3, 5}, .weights = {"gamma (3, 5)", "beta (3, 5)"}});
  check_layer(LayerNormalization({.axis = 1, .center = false}),
              {.input = {2, 4, 3}, .output = {2, 4, 3}, .weights = {"gamma (4,)"}});
  check_layer(LayerNormalization({.axis = 2, .scale = false}),
              {.input = {2, 2, 4, 3}, .output = {2, 2, 4, 3}, .weights = {"beta (4,)"}, .passes_mask = true});
  check_layer(LayerNormalization({.scale = false, .rms_scaling = true}),
              {.input = {2, 3, 5}, .output = {2, 3, 5}, .weights = {"gamma (5,)"}, .passes_mask = true});
}

// The numbers of the next three cases are Keras 3.15's.
TEST_CASE("LayerNormalization normalizes the last axis") {
  LayerNormalization layer;
  LayerProbe probe(layer, {2, 3, 2});
  layer.set_weights({xt::xarray<float>{2, 0.5f}, xt::xarray<float>{0.1f, -0.2f}});
  check_close(probe.forward(x),
              {-1.896012f, 0.299003f, 2.09975f, -0.6999375f, -1.899f, 0.2997501f, -1.89975f, 0.2999375f, 0.1f, -0.2f,
               -1.89975f, 0.2999375f},
              keras_tolerance);
  const auto gradients = probe.backward(x, dy);
  check_close(gradients.input,
              {0.009940147f, -0.009940147f, 0.0002343655f, -0.000234127f, -0.0002496392f, 0.0002496392f, -0.000187397f,
               0.000187397f, 23.71708f, -23.71708f, 0.0001249313f, -0.0001249313f},
              gradient_tolerance);
  check_close(gradients.weights[0], {1.501682f, -0.4984433f}, keras_tolerance);
  check_close(gradients.weights[1], {3.5f, 1.5f}, keras_tolerance);
}

TEST_CASE("LayerNormalization normalizes any axes") {
  LayerNormalization both({.axis = {1, 2}});
  LayerProbe probe(both, {2, 3, 2});
  both.set_weights(
      {xt::xarray<float>{{2, 0.5f}, {1, -1}, {0.3f, 0.7f}}, xt::xarray<float>{{0.1f, -0.2f}, {0, 1}, {0.5f, 0}}});
  check_close(probe.forward(x),
              {-1.305425f, -0.3597074f, 0.06388283f, 2.469308f, 0.7491435f, 1.117952f, -0.8257209f, 0.4942907f,
               0.4628605f, 0.5371395f, -0.05543256f, 0},
              keras_tolerance);
  const auto gradients = probe.backward(x, dy);
  check_close(gradients.input,
              {0.5632082f, -0.4130251f, 0.5272304f, -0.3590585f, -0.2753429f, -0.0430122f, -0.6794286f, 0.4182743f,
               0.5637136f, -0.3620074f, 0.5338803f, -0.474432f},
              keras_tolerance);
  check_close(gradients.weights[0], {-0.2398522f, 3.096578f, 0.5906262f, -0.2717936f, -0.9257209f, 1.597074f},
              keras_tolerance);

  LayerNormalization time({.axis = 1});
  LayerProbe time_probe(time, {2, 3, 2});
  time.set_weights({xt::xarray<float>{2, 1, 0.3f}, xt::xarray<float>{0.1f, 0, 0.5f}});
  check_close(time_probe.forward(x),
              {-2.34903f, -0.3040425f, 0, -1.111117f, 0.8673546f, 0.8939415f, 0.4244044f, 2.771753f, 1.135415f,
               -0.2671756f, 0.1107146f, 0.1793895f},
              keras_tolerance);
  const auto time_gradients = time_probe.backward(x, dy);
  check_close(time_gradients.input,
              {-0.2038564f, -0.479904f, 0.4081718f, 0.2999372f, -0.2043154f, 0.1799668f, -0.8515577f, -0.01013851f,
               0.5109639f, 0.03408873f, 0.3405939f, -0.02395034f},
              keras_tolerance);
  check_close(time_gradients.weights[0], {1.487057f, 0.3126815f, 2.801733f}, keras_tolerance);
}

TEST_CASE("LayerNormalization with rms_scaling leaves the mean in") {
  LayerNormalization layer({.rms_scaling = true});
  LayerProbe probe(layer, {2, 3, 2});
  layer.set_weights({xt::xarray<float>{2, 0.5f}});
  check_close(probe.forward(x),
              {3.992024f, 1.996012f, 2.999625f, -0.2499688f, 9.995004f, 3.498251f, 0, 0.9998751f, 126.4911f, 31.62278f,
               -2.999625f, 0.2499688f},
              keras_tolerance);
  const auto gradients = probe.backward(x, dy);
  check_close(gradients.input,
              {5.980084f, -2.986066f, 0.5315506f, 1.593184f, 1.747378f, -1.247628f, -0.5000625f, 0.0001249313f,
               63.24555f, 15.81139f, 0.0001249313f, -0.0001249313f},
              gradient_tolerance);
  check_close(gradients.weights[0], {67.49129f, 68.99969f}, keras_tolerance);
}

TEST_CASE("LayerNormalization of one feature gives beta") {
  LayerNormalization layer({.beta_initializer = "ones"});
  LayerProbe probe(layer, {2, 1, 1});
  CHECK(probe.forward({5, -3}) == std::vector<float>{1, 1});
}

TEST_CASE("LayerNormalization keeps numbers far from 0 apart") {
  LayerNormalization layer({.epsilon = 0.0});
  LayerProbe probe(layer, {1, 2});
  CHECK(probe.forward({10000.0f, 10000.5f}) == std::vector<float>{-1, 1});
}

TEST_CASE("LayerNormalization works where time is not known, and keeps the mask") {
  Sequential model{Embedding(9, 4, {.mask_zero = true}), LayerNormalization(), GlobalAveragePooling1D()};
  CHECK((model.predict({{1, 2, 0}}) == model.predict({{1, 2}})));
}

TEST_CASE("LayerNormalization refuses what cannot be") {
  CHECK(message_of<InvalidArgument>([] { LayerNormalization({.axis = None}); }) ==
        "LayerNormalization: axis is None; expected axes such as -1 or {1, 2}.");
  CHECK(message_of<InvalidArgument>([] { LayerNormalization({.epsilon = -0.5}); }) ==
        "LayerNormalization: epsilon is -0.5; expected a finite number >= 0.");
  CHECK(message_of<ShapeError>([] {
          Sequential{LayerNormalization({.axis = {0, 1}, .input_shape = Shape{3, 4}})};
        }) ==
        "layer 0 \"layer_normalization\" (LayerNormalization): axis is (0, 1) and input is (None, 3, 4); expected axes "
        "in 1..2 or -2..-1. Axis 0 is the batch.");
  Sequential model{Embedding(9, 4)};
  CHECK(message_of<ShapeError>([&] {
          model.add(LayerNormalization({.axis = {1, 2}}));
        }) ==
        "layer 1 \"layer_normalization\" (LayerNormalization): input is (None, None, 4); expected a known size of axis "
        "1, which the weights have. Give the first layer an input_shape without None, or an Embedding input_length.");
}
