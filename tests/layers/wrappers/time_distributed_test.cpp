#include "xeras/layers/wrappers/time_distributed.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;

TEST_CASE("TimeDistributed keeps the layer contract") {
  check_layer(
      TimeDistributed(Dense(3, {.activation = "tanh"})),
      {.input = {4, 5, 2}, .output = {4, 5, 3}, .weights = {"kernel (2, 3)", "bias (3,)"}, .passes_mask = true});
  check_layer(TimeDistributed(Flatten(), {.name = "rows"}),
              {.input = {2, 3, 4, 5}, .output = {2, 3, 20}, .passes_mask = true});
  check_layer(
      TimeDistributed(AnyLayer(TimeDistributed(Dense(2)))),
      {.input = {1, 2, 3, 4}, .output = {1, 2, 3, 2}, .weights = {"kernel (4, 2)", "bias (2,)"}, .passes_mask = true});
  check_layer(TimeDistributed(GlobalAveragePooling1D()),
              {.input = {3, 1, 4, 2}, .output = {3, 1, 2}, .passes_mask = true});
  check_layer(TimeDistributed(Sequential{Dense(3, {.activation = "sigmoid"}), Dropout(0.0), Dense(2)}),
              {.input = {2, 4, 5},
               .output = {2, 4, 2},
               .weights = {"kernel (5, 3)", "bias (3,)", "kernel (3, 2)", "bias (2,)"},
               .passes_mask = true});
}

TEST_CASE("TimeDistributed of Dense computes what Dense computes on the last axis") {
  Sequential plain{Dense(3, {.activation = "softmax", .input_shape = {5, 4}})};
  Sequential wrapped{TimeDistributed(Dense(3, {.activation = "softmax"}), {.input_shape = {5, 4}})};
  wrapped.set_weights(plain.get_weights());
  const xt::xarray<float> x = initializers::RandomUniform(-1, 1, {.seed = 3})({2, 5, 4});
  CHECK((plain.predict(x) == wrapped.predict(x)));

  const xt::xarray<float> y = initializers::RandomUniform(0, 1, {.seed = 4})({2, 5, 3});
  plain.compile("sgd", "mse");
  wrapped.compile("sgd", "mse");
  CHECK(plain.train_on_batch(x, y)["loss"] == wrapped.train_on_batch(x, y)["loss"]);
  CHECK((plain.get_weights()[0] == wrapped.get_weights()[0]));
}

TEST_CASE("TimeDistributed: penalties of outputs are divided by the samples, not by their steps") {
  const auto dense = [] {
    return Dense(1, {.kernel_initializer = "ones", .activity_regularizer = regularizers::L2(1.0)});
  };
  const auto penalized = [] { return ActivityRegularization({.l2 = 1.0}); };
  const xt::xarray<float> ones = xt::ones<float>({2, 4, 1});
  Sequential plain{
      Dense(1, {.kernel_initializer = "ones", .activity_regularizer = regularizers::L2(1.0), .input_shape = {4, 1}})};
  std::vector<Sequential> models;
  models.push_back(std::move(plain));
  models.emplace_back(TimeDistributed(dense(), {.input_shape = {4, 1}}), Dropout(0.0));
  models.emplace_back(TimeDistributed(Sequential{dense(), Dropout(0.0)}, {.input_shape = {4, 1}}), Dropout(0.0));
  models.emplace_back(TimeDistributed(Dense(1, {.kernel_initializer = "ones"}), {.input_shape = {4, 1}}),
                      TimeDistributed(penalized()));
  for (Sequential& model : models) {
    model.compile(optimizers::SGD({.learning_rate = 0.5}), "mse");
    CHECK(model.evaluate(ones, ones, {.verbose = 0})["loss"] == 4.0);  // 8 * 1 / 2
    CHECK(model.train_on_batch(ones, ones)["loss"] == 4.0);
    CHECK(model.get_weights()[0](0, 0) == -3.0f);  // 1 - 0.5 * 8 * 2 / 2
  }
}

TEST_CASE("TimeDistributed runs a model that makes a mask and uses it on each step") {
  Sequential within{Masking(), LSTM(2)};
  Sequential alone = within.clone();
  alone.build({None, 3, 2});
  Sequential wrapped{TimeDistributed(std::move(within), {.input_shape = {2, 3, 2}})};
  wrapped.set_weights(alone.get_weights());
  const xt::xarray<float> x{{{{1.0f, 2.0f}, {0.0f, 0.0f}, {3.0f, 4.0f}}, {{0.0f, 0.0f}, {0.0f, 0.0f}, {0.0f, 0.0f}}}};
  const xt::xarray<float> steps = xt::reshape_view(x, {2, 3, 2});
  CHECK((xt::xarray<float>(xt::reshape_view(wrapped.predict(x), {2, 2})) == alone.predict(steps)));
}

TEST_CASE("TimeDistributed adds the penalty of its output, for each sample of the batch") {
  Sequential model{TimeDistributed(Dense(1, {.use_bias = false, .kernel_initializer = "ones"}),
                                   {.activity_regularizer = regularizers::L1(0.25), .input_shape = {3, 1}})};
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "mse");
  const xt::xtensor<float, 3> x{{{1}, {2}, {3}}, {{4}, {0}, {2}}};
  // 0.25 * (1 + 2 + 3 + 4 + 0 + 2) / 2, as Keras 3.15 says as well
  CHECK(std::abs(model.evaluate(x, x, {.verbose = 0})["loss"] - 1.5) < 1e-6);
  CHECK(std::abs(model.train_on_batch(x, x)["loss"] - 1.5) < 1e-6);
  CHECK(std::abs(model.get_weights()[0].data()[0] - (1.0 - 1.5)) < 1e-6);
}

TEST_CASE("TimeDistributed hands a mask on to what follows") {
  Sequential model{Embedding(10, 4, {.mask_zero = true}), TimeDistributed(Dense(2)), GlobalAveragePooling1D()};
  CHECK((model.predict({{3, 4, 0, 0}}) == model.predict({{3, 4}})));
}

TEST_CASE("TimeDistributed names the layer within, lets it be frozen and learns without a length") {
  Sequential model{TimeDistributed(Dense(2), {.input_shape = {None, 3}})};
  auto& wrapper = model.get_layer<TimeDistributed>(0);
  CHECK(wrapper.name() == "time_distributed");
  CHECK(wrapper.layer().name() == "dense");
  CHECK(model.output_shape() == Shape({None, None, 2}));
  CHECK(model.predict(xt::xarray<float>(xt::xarray<float>::shape_type{2, 7, 3}, 1.0f)).shape()[1] == 7);
  model.compile("sgd", "mse");
  wrapper.set_trainable(false);
  CHECK_FALSE(wrapper.layer().trainable());
  const std::vector<Tensor> before = model.get_weights();
  model.train_on_batch({{{1.0, 2.0, 3.0}}}, {{{1.0, 1.0}}});
  CHECK((model.get_weights()[0] == before[0]));
}

TEST_CASE("TimeDistributed refuses no layer, an input without steps, and a mask from within") {
  CHECK(
      message_of<InvalidArgument>([] { TimeDistributed(TimeDistributedConfig{}); }) ==
      "TimeDistributed: layer is missing; expected the layer to apply to each step. Write TimeDistributed(Dense(4)).");
  Sequential flat{TimeDistributed(Dense(2))};
  CHECK(message_of<ShapeError>([&] {
          flat.build({None, 3});
        }) ==
        "layer 0 \"time_distributed\" (TimeDistributed): input is (None, 3); expected rank 3 or more. Check the layers "
        "before it.");
  Sequential masking{TimeDistributed(Masking())};
  CHECK(message_of<MaskError>([&] {
          masking.build({None, 3, 4, 5});
        }) ==
        "layer 0 \"time_distributed\" (TimeDistributed): Masking \"masking\" makes a mask within each step, which "
        "cannot be passed on; expected a layer that makes none. Put Masking before the TimeDistributed, or StripMask() "
        "after it in an inner Sequential.");
}
