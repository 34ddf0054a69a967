#include "xeras/layers/reshaping/repeat_vector.hpp"

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

TEST_CASE("RepeatVector keeps the layer contract") {
  check_layer(RepeatVector(3), {.input = {4, 2}, .output = {4, 3, 2}});
  check_layer(RepeatVector(1, {.name = "once"}), {.input = {1, 2}, .output = {1, 1, 2}});
}

TEST_CASE("RepeatVector makes n equal steps and sums their gradients") {
  RepeatVector layer(3);
  LayerProbe probe(layer, {2, 2});
  CHECK(probe.forward({1, 2, 3, 4}) == std::vector<float>{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4});
  CHECK(probe.backward({1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 1, 1, 1, 1, 1, 1}).input == std::vector<float>{9, 12, 3, 3});
}

TEST_CASE("RepeatVector takes features whose number only the data tells") {
  Sequential model{RepeatVector(2, {.input_shape = {None}})};
  CHECK(model.output_shape() == Shape({None, 2, None}));
  CHECK((model.predict({{1.0f, 2.0f, 3.0f}}) == Sequences{{{1, 2, 3}, {1, 2, 3}}}));
}

TEST_CASE("RepeatVector refuses an n that is not positive and inputs with a time axis") {
  CHECK(message_of<InvalidArgument>([] { RepeatVector(0); }) ==
        "RepeatVector: n is 0; expected a positive integer below 2^31. It is the number of steps of the output.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Embedding(5, 2), RepeatVector(3)};
        }) ==
        "layer 1 \"repeat_vector\" (RepeatVector): input is (None, None, 2); expected rank 2, (batch, features). Use a "
        "layer that ends the time axis (Flatten, GlobalAveragePooling1D) before it.");
}
