#include "xeras/layers/normalization/unit_normalization.hpp"

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

constexpr double keras_tolerance = 1e-6;  // float arithmetic in another order

}  // namespace

TEST_CASE("UnitNormalization keeps the layer contract") {
  check_layer(UnitNormalization(), {.input = {3, 5}, .output = {3, 5}});
  check_layer(UnitNormalization(), {.input = {2, 3, 5}, .output = {2, 3, 5}, .passes_mask = true});
  check_layer(UnitNormalization({.axis = {1, 2}}), {.input = {2, 3, 5}, .output = {2, 3, 5}});
  check_layer(UnitNormalization({.axis = 2}), {.input = {2, 3, 4, 2}, .output = {2, 3, 4, 2}, .passes_mask = true});
}

TEST_CASE("UnitNormalization gives every vector length 1") {
  UnitNormalization layer;
  LayerProbe probe(layer, {1, 2, 2});
  check_close(probe.forward({3, 4, -5, 0}), {0.6f, 0.8f, -1, 0}, keras_tolerance);
  // (dy - y (y . dy)) / length, with y . dy = 0.6 and -2.
  check_close(probe.backward({3, 4, -5, 0}, {1, 0, 2, 1}).input, {0.128f, -0.096f, 0, 0.2f}, keras_tolerance);
}

// Numbers of Keras 3.15.
TEST_CASE("UnitNormalization takes any axes") {
  const std::vector<float> x{1, 2, 3, -1, 5, 7, 0, 4, 2, 2, -3, 1};
  const std::vector<float> dy{1, -1, 2, 0.5f, 0, 1, -1, 2, 1, 1, 0.5f, -2};
  UnitNormalization time({.axis = 1});
  LayerProbe probe(time, {2, 3, 2});
  check_close(probe.forward(x),
              {0.1690308f, 0.2721655f, 0.5070925f, -0.1360828f, 0.8451542f, 0.9525794f, 0, 0.8728716f, 0.5547002f,
               0.4364358f, -0.8320503f, 0.2182179f},
              keras_tolerance);
  check_close(probe.backward(x, dy).input,
              {0.1352247f, -0.1587632f, 0.2366432f, 0.07938161f, -0.1690309f, 0.05670115f, -0.2773501f, 0.1039133f,
               0.2560155f, 0.05195664f, 0.170677f, -0.5195664f},
              keras_tolerance);
}

TEST_CASE("UnitNormalization leaves zeros alone") {
  UnitNormalization layer;
  LayerProbe probe(layer, {1, 2});
  CHECK(probe.forward({0, 0}) == std::vector<float>{0, 0});
  CHECK(probe.backward({0, 0}, {1, 1}).input == std::vector<float>{0, 0});
}

TEST_CASE("UnitNormalization over time works where time is not known") {
  Sequential model{Embedding(9, 4), UnitNormalization({.axis = 1})};
  CHECK(model.output_shape() == Shape({None, None, 4}));
  const Tensor y = model.predict({{1, 2, 3}});
  double sum = 0.0;
  for (std::size_t t = 0; t < 3; ++t) sum += double{y(0, t, 1)} * y(0, t, 1);
  CHECK(std::abs(sum - 1.0) < keras_tolerance);
}

TEST_CASE("UnitNormalization refuses axes that cannot be") {
  CHECK(message_of<InvalidArgument>([] { UnitNormalization({.axis = None}); }) ==
        "UnitNormalization: axis is None; expected axes such as -1 or {1, 2}.");
  CHECK(
      message_of<ShapeError>([] { Sequential{UnitNormalization({.axis = 0, .input_shape = Shape{3}})}; }) ==
      "layer 0 \"unit_normalization\" (UnitNormalization): axis is 0 and input is (None, 3); expected axes in 1..1 or "
      "-1..-1. Axis 0 is the batch.");
}
