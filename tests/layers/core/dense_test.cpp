#include "xeras/layers/core/dense.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("Dense keeps the layer contract") {
  check_layer(Dense(3), {.input = {4, 5}, .output = {4, 3}, .weights = {"kernel (5, 3)", "bias (3,)"}});
  check_layer(Dense(3, {.activation = "tanh", .use_bias = false, .name = "head"}),
              {.input = {4, 6, 5}, .output = {4, 6, 3}, .weights = {"kernel (5, 3)"}, .passes_mask = true});
  check_layer(
      Dense(2, {.activation = "gelu", .bias_initializer = "ones"}),
      {.input = {2, 3, 5}, .output = {2, 3, 2}, .weights = {"kernel (5, 2)", "bias (2,)"}, .passes_mask = true});
  check_layer(Dense(4, {.activation = "softmax"}),
              {.input = {1, 1}, .output = {1, 4}, .weights = {"kernel (1, 4)", "bias (4,)"}});
}

TEST_CASE("Dense computes activation(x . kernel + bias) and its gradients") {
  Dense layer(2, {.activation = "relu"});
  LayerProbe probe(layer, {1, 2});
  layer.set_weights({xt::xarray<float>{{1, 2}, {3, 4}}, xt::xarray<float>{0.5f, -20}});
  CHECK(probe.forward({1, 2}) == std::vector<float>{7.5f, 0});
  const auto gradients = probe.backward({1, 2}, {1, 1});
  CHECK(gradients.weights[0] == std::vector<float>{1, 0, 2, 0});
  CHECK(gradients.weights[1] == std::vector<float>{1, 0});
  CHECK(gradients.input == std::vector<float>{1, 3});
}

TEST_CASE("Dense refuses units that cannot be and inputs that have no features") {
  CHECK(message_of<InvalidArgument>([] { Dense(0); }) ==
        "Dense: units is 0; expected a positive integer below 2^31. It is the size of the output.");
  CHECK(message_of<InvalidArgument>([] {
          Dense(4, {.activation = "rellu"});
        }).starts_with("activation \"rellu\" is unknown; did you mean \"relu\"? Known: "));
  Sequential model{Dense(4)};
  CHECK(message_of<ShapeError>([&] { model.build({None}); }) ==
        "layer 0 \"dense\" (Dense): input is (None,); expected rank 2 or more. Check the layers before it.");
  CHECK(message_of<ShapeError>([&] {
          model.build({None, None});
        }) ==
        "layer 0 \"dense\" (Dense): input is (None, None); expected a known last axis. Give the first layer an "
        "input_shape "
        "without None.");
  model.build({None, 3});
  CHECK(model.count_params() == 16);
}
