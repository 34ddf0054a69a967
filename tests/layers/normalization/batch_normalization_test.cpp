#include "xeras/layers/normalization/batch_normalization.hpp"

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/check_layer.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::AllocationCounter;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

namespace {

constexpr double keras_tolerance = 2e-6;  // float arithmetic in another order

// (2, 3, 2), and a mask.
const std::vector<float> x{1, 2, 3, -1, 5, 7, 0, 4, 2, 2, -3, 1};
const std::vector<float> dy{1, -1, 2, 0.5f, 0, 1, -1, 2, 1, 1, 0.5f, -2};
const std::vector<std::uint8_t> mask{1, 1, 0, 1, 0, 0};

// gamma, beta, moving mean and variance.
std::vector<Tensor> weights_of_two() {
  return {xt::xarray<float>{2, 0.5f}, xt::xarray<float>{0.1f, -0.2f}, xt::xarray<float>{1, 0},
          xt::xarray<float>{4, 0.25f}};
}
std::vector<Tensor> weights_of_three() {
  return {xt::xarray<float>{2, 0.5f, 1}, xt::xarray<float>{0.1f, -0.2f, 0}, xt::xarray<float>{0, 0, 0},
          xt::xarray<float>{1, 1, 1}};
}

}  // namespace

TEST_CASE("BatchNormalization keeps the layer contract") {
  const std::vector<std::string> four{"gamma (5,)", "beta (5,)", "moving_mean (5,)", "moving_variance (5,)"};
  check_layer(BatchNormalization({.gamma_initializer = "uniform"}),
              {.input = {6, 5}, .output = {6, 5}, .weights = four});
  check_layer(BatchNormalization(),
              {.input = {4, 3, 5}, .output = {4, 3, 5}, .weights = four, .passes_mask = true, .uses_mask = true});
  check_layer(BatchNormalization({.axis = 1, .momentum = 0.5, .epsilon = 0.1, .center = false, .scale = false}),
              {.input = {4, 3, 5},
               .output = {4, 3, 5},
               .weights = {"moving_mean (3,)", "moving_variance (3,)"},
               .passes_mask = true,
               .uses_mask = true});
  check_layer(BatchNormalization({.axis = 2, .scale = false}),
              {.input = {3, 2, 3, 2},
               .output = {3, 2, 3, 2},
               .weights = {"beta (3,)", "moving_mean (3,)", "moving_variance (3,)"},
               .passes_mask = true,
               .uses_mask = true});
}

// The numbers of this and the next three cases are Keras 3.15's.
TEST_CASE("BatchNormalization normalizes with the moving statistics in inference") {
  BatchNormalization layer({.momentum = 0.9});
  LayerProbe probe(layer, {2, 3, 2}, true);
  layer.set_weights(weights_of_two());
  check_close(probe.forward(x),
              {0.1f, 1.796012f, 2.09975f, -1.198006f, 4.0995f, 6.786043f, -0.899875f, 3.792024f, 1.099875f, 1.796012f,
               -3.8995f, 0.7980061f},
              keras_tolerance);
  const auto gradients = probe.backward(x, dy);
  check_close(gradients.input,
              {0.9998751f, -0.998006f, 1.99975f, 0.499003f, 0, 0.998006f, -0.9998751f, 1.996012f, 0.9998751f, 0.998006f,
               0.4999375f, -1.996012f},
              keras_tolerance);
  check_close(gradients.weights[0], {1.99975f, 24.95015f}, keras_tolerance);
  check_close(gradients.weights[1], {3.5f, 1.5f}, keras_tolerance);
  CHECK(probe.forward(x, mask) == probe.forward(x));
}

TEST_CASE("BatchNormalization normalizes with the batch's own statistics in training") {
  BatchNormalization layer({.momentum = 0.9});
  LayerProbe probe(layer, {2, 3, 2});
  layer.set_weights(weights_of_two());
  check_close(probe.forward(x, {}, true),
              {-0.1672398f, -0.299992f, 1.436199f, -0.8999441f, 3.039637f, 0.699928f, -0.9689591f, 0.099976f,
               0.6344795f, -0.299992f, -3.374117f, -0.499976f},
              keras_tolerance);
  const auto gradients = probe.backward(x, dy, {}, true);
  check_close(gradients.input,
              {0.354328f, -0.2266523f, 1.034377f, 0.2132902f, -0.6907312f, -0.05996162f, -1.188276f, 0.2799888f,
               0.293493f, 0.1733157f, 0.1968083f, -0.3799808f},
              keras_tolerance);
  check_close(gradients.weights[0], {1.135769f, 3.49972f}, keras_tolerance);
  check_close(gradients.weights[1], {3.5f, 1.5f}, keras_tolerance);
}

TEST_CASE("BatchNormalization leaves masked steps out of the statistics") {
  BatchNormalization layer;
  LayerProbe probe(layer, {2, 3, 2}, true);
  layer.set_weights(weights_of_two());
  check_close(probe.forward(x, mask, true),
              {-0.434351f, -0.1188989f, 2.771753f, -0.8488089f, 5.977858f, 1.097618f, -2.037403f, 0.3677078f, 1.168701f,
               -0.1188989f, -6.84656f, -0.3622022f},
              keras_tolerance);
  CHECK(probe.output_mask() == mask);
  const auto gradients = probe.backward(x, dy, mask, true);
  check_close(gradients.input,
              {0.05704343f, -0.428967f, -0.2852168f, 0.5120962f, 0, 0.2433033f, -2.176404f, -0.08312926f, 1.603052f,
               0.2433033f, 0.8015261f, -0.4866067f},
              keras_tolerance);
  check_close(gradients.weights[0], {2.27099f, 4.866066f}, keras_tolerance);

  std::vector<float> other = x;
  for (const std::size_t masked : {4, 5, 8, 9, 10, 11}) other[masked] = 100.0f;
  const std::vector<float> a = probe.forward(x, mask, true), b = probe.forward(other, mask, true);
  for (const std::size_t unmasked : {0, 1, 2, 3, 6, 7}) CHECK(a[unmasked] == b[unmasked]);
}

TEST_CASE("BatchNormalization takes another axis, with and without a mask") {
  BatchNormalization layer({.axis = 1});
  LayerProbe probe(layer, {2, 3, 2}, true);
  layer.set_weights(weights_of_three());
  check_close(probe.forward(x, {}, true),
              {-0.9139534f, 0.4379845f, 0.2998889f, -1.033148f, 0.6509225f, 1.17166f, -2.265891f, 3.14186f,
               -0.03337038f, -0.03337038f, -1.432029f, -0.3905535f},
              keras_tolerance);
  check_close(probe.backward(x, dy, {}, true).input,
              {1.622048f, -1.89262f, 0.1389259f, 0.04617292f, -0.0198551f, 0.1985929f, -0.2710362f, 0.5416092f,
               -0.09254941f, -0.09254941f, 0.2780133f, -0.4567511f},
              keras_tolerance);
  // Every third step is masked: its variance is 0.
  check_close(probe.forward(x, mask, true),
              {-0.9139534f, 0.4379845f, 0.2999375f, -0.6999375f, 158.1139f, 221.3594f, -2.265891f, 3.14186f,
               0.04996878f, 0.04996878f, -94.86833f, 31.62278f},
              keras_tolerance);
  check_close(probe.backward(x, dy, mask, true).input,
              {1.622047f, -1.89262f, -0.3748751f, -0.1250625f, 0, 31.62278f, -0.2710362f, 0.5416091f, 0.2499688f,
               0.2499688f, 15.81139f, -63.24555f},
              keras_tolerance);
}

TEST_CASE("BatchNormalization of many features treats each as if it were alone") {
  BatchNormalization wide, narrow;
  LayerProbe wide_probe(wide, {5, 150}), narrow_probe(narrow, {5, 1});
  const RandomStream stream(3);
  std::vector<float> many(5 * 150);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<float>(stream.normal(i));
  const std::vector<float> y = wide_probe.forward(many, {}, true);
  for (const std::size_t feature : {0, 63, 64, 149}) {
    std::vector<float> column, expected;
    for (std::size_t row = 0; row < 5; ++row) {
      column.push_back(many[row * 150 + feature]);
      expected.push_back(y[row * 150 + feature]);
    }
    CHECK(narrow_probe.forward(column, {}, true) == expected);
  }
}

TEST_CASE("BatchNormalization moves its statistics once a step, in training alone") {
  Sequential model{BatchNormalization({.momentum = 0.9, .input_shape = Shape{3, 2}})};
  model.set_weights(weights_of_two());
  const xt::xarray<float> input = xt::adapt(x, std::vector<std::size_t>{2, 3, 2});
  model.predict(input);
  CHECK((model.get_weights()[2] == weights_of_two()[2]));
  const auto statistics = [&] {
    const Tensor mean = model.get_weights()[2], variance = model.get_weights()[3];
    return std::vector<float>{mean[0], mean[1], variance[0], variance[1]};
  };
  model(input, true);
  // 0.9 * 1 + 0.1 * 8 / 6 and so on; the variance with 1 / n, not 1 / (n - 1).
  check_close(statistics(), {1.033333f, 0.25f, 4.222222f, 0.85f}, keras_tolerance);
  model.compile("sgd", "mse");
  model.fit(input, input, {.verbose = 0});
  check_close(statistics(), {1.063333f, 0.475f, 4.422222f, 1.39f}, keras_tolerance);
  model.evaluate(input, input, {.verbose = 0});
  check_close(statistics(), {1.063333f, 0.475f, 4.422222f, 1.39f}, keras_tolerance);
}

TEST_CASE("BatchNormalization and the layers that often stand by it allocate nothing in a warm step") {
  Sequential model{Embedding(9, 4, {.mask_zero = true}),
                   BatchNormalization(),
                   LayerNormalization(),
                   SpatialDropout1D(0.2),
                   PReLU({.shared_axes = 1}),
                   AlphaDropout(0.2, {.noise_shape = {None, 1, None}}),
                   GaussianDropout(0.2),
                   GaussianNoise(0.1),
                   UnitNormalization(),
                   LeakyReLU(),
                   ActivityRegularization({.l2 = 0.1}),
                   Softmax({.axis = 1})};
  model.compile("sgd", "mse");
  const xt::xtensor<int, 2> ids{{1, 2, 0}, {3, 0, 0}};
  const xt::xarray<float> targets = xt::adapt(std::vector<float>(24, 0.5f), std::vector<std::size_t>{2, 3, 4});
  for (int step = 0; step < 3; ++step) model.train_on_batch(ids, targets);
  const AllocationCounter allocations;
  model.train_on_batch(ids, targets);
  CHECK(allocations.count() == 0);
}

TEST_CASE("BatchNormalization that is frozen runs in inference mode also in training") {
  Sequential model{BatchNormalization({.input_shape = Shape{3, 2}, .trainable = false})};
  model.set_weights(weights_of_two());
  const xt::xarray<float> input = xt::adapt(x, std::vector<std::size_t>{2, 3, 2});
  CHECK((model(input, true) == model.predict(input)));
  CHECK((model.get_weights()[2] == weights_of_two()[2]));
  CHECK((model.get_weights()[3] == weights_of_two()[3]));
}

TEST_CASE("BatchNormalization keeps its statistics when a step fails") {
  Sequential model{BatchNormalization({.input_shape = Shape{2}}), Dense(1), Lambda([](const Tensor& t) { return t; })};
  model.compile("sgd", "mse");
  const std::vector<Tensor> before = model.get_weights();
  CHECK_THROWS_AS(model.fit({{1.0f, 2.0f}, {3.0f, 4.0f}}, {{1.0f}, {2.0f}}, {.verbose = 0}), Error);
  const std::vector<Tensor> after = model.get_weights();
  for (std::size_t i = 0; i < before.size(); ++i) CHECK((after[i] == before[i]));
}

TEST_CASE("BatchNormalization of a batch that is masked everywhere has mean and variance 0") {
  BatchNormalization layer;
  LayerProbe probe(layer, {2, 3, 2}, true);
  layer.set_weights(weights_of_two());
  const std::vector<std::uint8_t> none(6, 0);
  const std::vector<float> y = probe.forward(x, none, true);
  check_close({y[0], y[1], y[2]}, {63.34555f, 31.42278f, 189.8367f}, keras_tolerance);  // Keras 3.15
  check_close(probe.backward(x, dy, none, true).weights[0], {237.1708f, 395.2847f}, keras_tolerance);
}

TEST_CASE("BatchNormalization of a batch of one row gives beta in training") {
  BatchNormalization layer({.beta_initializer = "ones"});
  LayerProbe probe(layer, {1, 2});
  CHECK(probe.forward({5, -3}, {}, true) == std::vector<float>{1, 1});
  CHECK(probe.backward({5, -3}, {1, 2}, {}, true).input == std::vector<float>{0, 0});
}

TEST_CASE("BatchNormalization learns with its regularizers and constraints") {
  Sequential model{BatchNormalization({.beta_regularizer = regularizers::L2(1.0),
                                       .gamma_regularizer = regularizers::L1(0.5),
                                       .gamma_constraint = constraints::NonNeg(),
                                       .input_shape = Shape{2}})};
  model.compile(optimizers::SGD({.learning_rate = 4.0}), "mse");
  const auto scores = model.train_on_batch({{1.0f, 2.0f}, {1.0f, 2.0f}}, {{0.0f, 0.0f}, {0.0f, 0.0f}});
  CHECK(scores["loss"] == 1.0);  // 0.5 * (1 + 1) of gamma; equal rows normalize to 0
  CHECK((model.get_weights()[0] == Tensor{0.0f, 0.0f}));
}

TEST_CASE("BatchNormalization refuses what cannot be") {
  CHECK(message_of<InvalidArgument>([] { BatchNormalization({.momentum = 1.5}); }) ==
        "BatchNormalization: momentum is 1.5; expected a fraction in [0, 1]. It is the share of the moving mean that a "
        "step keeps.");
  CHECK(message_of<InvalidArgument>([] { BatchNormalization({.epsilon = -1.0, .name = "n"}); }) ==
        "BatchNormalization \"n\": epsilon is -1; expected a finite number >= 0.");
  CHECK(message_of<InvalidArgument>([] { BatchNormalization({.synchronized = true}); }) ==
        "BatchNormalization: synchronized is true, which is not supported; expected false. There is one device, and "
        "nothing to synchronize with.");
  CHECK(message_of<InvalidArgument>([] { BatchNormalization({.renorm = true}); }) ==
        "BatchNormalization: renorm is true, which is not supported; expected false. LayerNormalization does not "
        "depend on the batch at all.");
  Sequential model{BatchNormalization({.axis = 1})};
  CHECK(message_of<ShapeError>([&] {
          model.build({None, None, 3});
        }) ==
        "layer 0 \"batch_normalization\" (BatchNormalization): input is (None, None, 3); expected a known size of axis "
        "1, which the weights have. Give the first layer an input_shape without None, or an Embedding input_length.");
  CHECK(message_of<ShapeError>([] { Sequential{BatchNormalization({.axis = 2, .input_shape = Shape{3}})}; }) ==
        "layer 0 \"batch_normalization\" (BatchNormalization): axis is 2 and input is (None, 3); expected axes in 1..1 "
        "or -1..-1. Axis 0 is the batch.");
  CHECK_THROWS_AS((Sequential{BatchNormalization({.axis = 0, .input_shape = Shape{3}})}), ShapeError);
}
