#include "xeras/layers/activation/softmax.hpp"

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

const std::vector<float> x{1, 2, 3, -1, 5, 7, 0, 4, 2, 2, -3, 1};
const std::vector<float> dy{1, -1, 2, 0.5f, 0, 1, -1, 2, 1, 1, 0.5f, -2};

}  // namespace

TEST_CASE("Softmax keeps the layer contract") {
  check_layer(Softmax(), {.input = {3, 5}, .output = {3, 5}});
  for (const Axes& axis : {Axes(-1), Axes(1), Axes{1, 2}}) {
    check_layer(Softmax({.axis = axis}),
                {.input = {3, 4, 5}, .output = {3, 4, 5}, .passes_mask = true, .uses_mask = true});
  }
  check_layer(Softmax({.axis = {1, 3}}),
              {.input = {3, 4, 2, 3}, .output = {3, 4, 2, 3}, .passes_mask = true, .uses_mask = true});
}

// The numbers of the next two cases are Keras 3.15's.
TEST_CASE("Softmax makes the sum over any axes 1") {
  Softmax time({.axis = 1});
  LayerProbe probe(time, {2, 3, 2});
  check_close(probe.forward(x),
              {0.01587624f, 0.006690622f, 0.1173104f, 0.0003331064f, 0.8668134f, 0.9929763f, 0.1184997f, 0.8437947f,
               0.8756006f, 0.1141952f, 0.00589975f, 0.04201007f},
              keras_tolerance);
  check_close(probe.backward(x, dy).input,
              {0.01189929f, -0.0132906f, 0.2052349f, -0.0001620403f, -0.2171343f, 0.01345271f, -0.2085654f, 0.2381488f,
               0.2100997f, -0.08196526f, -0.001534234f, -0.1561835f},
              keras_tolerance);
  Softmax both({.axis = {1, 2}});
  LayerProbe both_probe(both, {2, 3, 2});
  check_close(both_probe.forward(x),
              {0.002130971f, 0.005792581f, 0.01574587f, 0.0002883956f, 0.1163471f, 0.8596952f, 0.0136716f, 0.746444f,
               0.1010202f, 0.1010202f, 0.0006806688f, 0.03716326f},
              keras_tolerance);
  check_close(both_probe.backward(x, dy).input,
              {0.0002393732f, -0.01093448f, 0.01751461f, -0.0001118022f, -0.1032778f, 0.09657007f, -0.03564556f,
               0.2931504f, -0.06134661f, -0.06134661f, -0.0007536847f, -0.1340579f},
              keras_tolerance);
}

TEST_CASE("Softmax over time leaves masked steps out; a row that is masked everywhere is 0") {
  Softmax layer({.axis = 1});
  LayerProbe probe(layer, {3, 3, 1}, true);
  const std::vector<float> scores{1, 3, 5, 0, 2, -3, 7, 7, 7};
  const std::vector<std::uint8_t> mask{1, 1, 0, 0, 1, 0, 0, 0, 0};
  check_close(probe.forward(scores, mask), {0.1192029f, 0.880797f, 0, 0, 1, 0, 0, 0, 0}, keras_tolerance);
  CHECK(probe.output_mask() == mask);
  check_close(probe.backward(scores, {1, 2, 9, 9, 1, 9, 9, 9, 9}, mask).input,
              {-0.1049936f, 0.1049936f, 0, 0, 0, 0, 0, 0, 0}, keras_tolerance);
}

TEST_CASE("Softmax over features makes a masked step a row of zeros") {
  Softmax layer;
  LayerProbe probe(layer, {1, 2, 2}, true);
  CHECK(probe.forward({1, 1, 5, 5}, {1, 0}) == std::vector<float>{0.5f, 0.5f, 0, 0});
  CHECK(probe.forward({1, 1, 5, 5}) == std::vector<float>{0.5f, 0.5f, 0.5f, 0.5f});
}

// As Keras: (batch, time) scores with the mask of their own shape.
TEST_CASE("Softmax of a matrix with a mask of its own shape leaves masked elements out") {
  Softmax layer;
  LayerProbe probe(layer, {2, 3}, true);
  check_close(probe.forward({0, 2, 4, 6, 8, 10}, {1, 1, 0, 0, 0, 0}), {0.1192029f, 0.880797f, 0, 0, 0, 0},
              keras_tolerance);
}

TEST_CASE("Softmax over time ignores padding, of any length") {
  Sequential model{Embedding(9, 2, {.mask_zero = true}), Softmax({.axis = 1})};
  const Tensor padded = model.predict({{1, 2, 0, 0}}), bare = model.predict({{1, 2}});
  for (std::size_t t = 0; t < 2; ++t) {
    for (std::size_t d = 0; d < 2; ++d) CHECK(padded(0, t, d) == bare(0, t, d));
  }
  CHECK(padded(0, 3, 1) == 0.0f);
}

TEST_CASE("Softmax refuses axes that cannot be") {
  CHECK(message_of<InvalidArgument>([] { Softmax({.axis = None}); }) ==
        "Softmax: axis is None; expected axes such as -1 or {1, 2}.");
  CHECK(
      message_of<ShapeError>([] {
        Sequential{Softmax({.axis = 3, .input_shape = Shape{4, 5}})};
      }) ==
      "layer 0 \"softmax\" (Softmax): axis is 3 and input is (None, 4, 5); expected axes in 1..2 or -2..-1. Axis 0 is "
      "the batch.");
}
