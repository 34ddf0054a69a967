#include "xeras/layers/convolution/conv1d.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using Catch::Matchers::WithinAbs;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;
using Sequences = xt::xtensor<float, 3>;  // (batch, time, features), or a kernel

namespace {

// One filter (1, 10, 100) over the sequence 1, 2, 3, 4, 5: each digit shows a tap.
std::vector<float> digits(Conv1DOptions options) {
  options.use_bias = false;
  Conv1D layer(1, 3, std::move(options));
  LayerProbe probe(layer, {1, 5, 1});
  layer.set_weights({Sequences{{{1}}, {{10}}, {{100}}}});
  return probe.forward({1, 2, 3, 4, 5});
}

constexpr float rounding = 1e-6f;

}  // namespace

TEST_CASE("Conv1D keeps the layer contract") {
  check_layer(Conv1D(4, 3), {.input = {3, 7, 5}, .output = {3, 5, 4}, .weights = {"kernel (3, 5, 4)", "bias (4,)"}});
  check_layer(Conv1D(6, 2, {.strides = 2, .padding = "same", .groups = 2, .activation = "tanh", .use_bias = false}),
              {.input = {2, 5, 4}, .output = {2, 3, 6}, .weights = {"kernel (2, 2, 6)"}});
  check_layer(Conv1D(3, 3, {.padding = "causal", .dilation_rate = 3, .activation = "gelu", .name = "wave"}),
              {.input = {2, 5, 2}, .output = {2, 5, 3}, .weights = {"kernel (3, 2, 3)", "bias (3,)"}});
  check_layer(Conv1D(4, 2, {.groups = 4, .activation = "softmax"}),
              {.input = {2, 3, 4}, .output = {2, 2, 4}, .weights = {"kernel (2, 1, 4)", "bias (4,)"}});
  check_layer(Conv1D(2, 1), {.input = {1, 1, 3}, .output = {1, 1, 2}, .weights = {"kernel (1, 3, 2)", "bias (2,)"}});
}

// The numbers of the next three cases are also those of Keras 3.15.1.
TEST_CASE("Conv1D moves its filters by strides over the steps that padding gives") {
  CHECK(digits({}) == std::vector<float>{321, 432, 543});
  CHECK(digits({.strides = 2}) == std::vector<float>{321, 543});
  CHECK(digits({.padding = "same"}) == std::vector<float>{210, 321, 432, 543, 54});
  CHECK(digits({.strides = 2, .padding = "same"}) == std::vector<float>{210, 432, 54});
  CHECK(digits({.strides = 3, .padding = "same"}) == std::vector<float>{321, 54});
  CHECK(digits({.padding = "causal"}) == std::vector<float>{100, 210, 321, 432, 543});
  CHECK(digits({.strides = 2, .padding = "causal"}) == std::vector<float>{100, 321, 543});
}

TEST_CASE("Conv1D looks at steps that are dilation_rate apart") {
  CHECK(digits({.dilation_rate = 2}) == std::vector<float>{531});
  CHECK(digits({.padding = "same", .dilation_rate = 2}) == std::vector<float>{310, 420, 531, 42, 53});
  CHECK(digits({.padding = "causal", .dilation_rate = 2}) == std::vector<float>{100, 200, 310, 420, 531});
}

TEST_CASE("Conv1D with groups shows each filter its part of the features") {
  Conv1D layer(4, 2, {.groups = 2});
  LayerProbe probe(layer, {1, 2, 4});
  layer.set_weights({Sequences{{{1, 2, 3, 4}, {5, 6, 7, 8}}, {{9, 10, 11, 12}, {13, 14, 15, 16}}},
                     xt::xarray<float>{100, 200, 300, 400}});
  CHECK(probe.forward({1, 2, 3, 4, 5, 6, 7, 8}) == std::vector<float>{234, 348, 534, 656});
}

TEST_CASE("Conv1D computes the gradients of kernel, bias and input") {
  Conv1D layer(1, 2, {.activation = "relu"});
  LayerProbe probe(layer, {1, 3, 1});
  layer.set_weights({Sequences{{{2}}, {{-1}}}, xt::xarray<float>{1}});
  const std::vector<float> x{3, 5, 12};
  CHECK(probe.forward(x) == std::vector<float>{2, 0});  // 6 - 5 + 1, 10 - 12 + 1
  const auto gradients = probe.backward(x, {10, 20});
  CHECK(gradients.weights[0] == std::vector<float>{30, 50});
  CHECK(gradients.weights[1] == std::vector<float>{10});
  CHECK(gradients.input == std::vector<float>{20, -10, 0});
}

TEST_CASE("Conv1D takes sequences of any length where time is open, and an empty batch") {
  Sequential model{Conv1D(2, 3, {.strides = 2, .padding = "same", .activation = "silu", .input_shape = {None, 1}}),
                   Conv1D(1, 2, {.kernel_initializer = "ones"})};
  CHECK(model.layers()[0]->output_shape() == Shape({None, None, 2}));
  CHECK(model.output_shape() == Shape({None, None, 1}));
  for (std::size_t time : {3, 4, 9}) {
    Sequential fixed{Conv1D(2, 3, {.strides = 2, .padding = "same", .activation = "silu", .input_shape = {time, 1}}),
                     Conv1D(1, 2, {.kernel_initializer = "ones"})};
    fixed.set_weights(model.get_weights());
    const xt::xarray<float> x = xt::reshape_view(xt::arange<float>(static_cast<float>(2 * time)), {2ul, time, 1ul});
    CHECK((fixed.predict(x) == model.predict(x)));
    CHECK(fixed.predict(x).shape(1) == (time + 1) / 2 - 1);
  }
  CHECK(model.predict(xt::xarray<float>(std::vector<std::size_t>{0, 5, 1})).shape(0) == 0);
}

TEST_CASE("Conv1D learns where time is open: in batches of different lengths") {
  Sequential model{Embedding(10, 4), Conv1D(3, 2, {.activation = "gelu"}), GlobalMaxPooling1D(), Dense(1)};
  model.compile(optimizers::SGD({.learning_rate = 0.1}), "mse");
  const xt::xtensor<int, 2> brief{{1, 2, 3}, {4, 5, 6}}, longer{{1, 2, 3, 7, 8, 9}, {4, 5, 6, 1, 1, 1}};
  const xt::xtensor<float, 2> y{{1}, {-1}};
  const double before = model.train_on_batch(longer, y)["loss"];
  for (int step = 0; step < 50; ++step) {
    model.train_on_batch(brief, y);
    model.train_on_batch(longer, y);
  }
  CHECK(model.test_on_batch(longer, y)["loss"] < 0.1 * before);
}

TEST_CASE("Conv1D where the first layers are frozen gives no gradient to the kernel") {
  Conv1D layer(2, 2, {.trainable = false});
  Sequential model{Dense(3, {.input_shape = {4, 2}}), layer, Flatten(), Dense(1)};
  const std::vector<Tensor> before = model.layers()[1]->get_weights();
  model.compile("sgd", "mse");
  model.train_on_batch(xt::xarray<float>(xt::ones<float>({2, 4, 2})), xt::xtensor<float, 2>{{1}, {2}});
  CHECK((model.layers()[1]->get_weights()[0] == before[0]));
}

TEST_CASE("Conv1D applies regularizers and constraints") {
  Conv1D layer(1, 2,
               {.kernel_initializer = "ones",
                .kernel_regularizer = regularizers::L2(0.5),
                .bias_constraint = constraints::NonNeg(),
                .input_shape = {2, 1}});
  Sequential model{layer};
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "mse");
  const Sequences x{{{0.0f}, {0.0f}}};
  const Sequences y{{{-1.0f}}};
  // The error is 1 and the penalty 0.5 * (1 + 1).
  CHECK_THAT(model.train_on_batch(x, y)["loss"], WithinAbs(2.0, rounding));
  CHECK_THAT(model.get_weights()[0](0, 0, 0), WithinAbs(0.0, rounding));  // 1 - 2 * 0.5
  CHECK(model.get_weights()[1](0) == 0.0f);                               // 0 - 2, held at 0
}

TEST_CASE("Conv1D writes its configuration as Keras does, and reads integers as well") {
  const Value config = Conv1D(8, 3, {.strides = 2}).get_config();
  CHECK(*config.find("filters") == Value(std::int64_t{8}));
  CHECK(config.find("kernel_size")->to_string() == "[3]");
  CHECK(config.find("strides")->to_string() == "[2]");
  CHECK(config.find("dilation_rate")->to_string() == "[1]");
  CHECK(config.find("data_format")->to_string() == "\"channels_last\"");
  CHECK(*config.find("groups") == Value(std::int64_t{1}));
  Conv1DConfig read;
  from_value(Value::Dict{{"filters", std::int64_t{4}}, {"kernel_size", std::int64_t{5}}, {"data_format", Value()}},
             read, "config");
  CHECK(Conv1D(read).config().kernel_size == 5);
}

TEST_CASE("Conv1D refuses options that cannot be") {
  CHECK(message_of<InvalidArgument>([] { Conv1D(0, 3); }) ==
        "Conv1D: filters is 0; expected a positive integer below 2^31. It is the number of features of the output.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(4, -1); }) ==
        "Conv1D: kernel_size is -1; expected a positive integer below 2^31. It is the number of steps that a filter "
        "looks at.");
  CHECK(
      message_of<InvalidArgument>([] { Conv1D(4, 2, {.strides = 0, .name = "c"}); }) ==
      "Conv1D \"c\": strides is 0; expected a positive integer below 2^31. It is the number of steps from one place of "
      "a filter to the next.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(4, 2, {.dilation_rate = std::int64_t{1} << 31}); }) ==
        "Conv1D: dilation_rate is 2147483648; expected a positive integer below 2^31. It is the distance of the steps "
        "that a filter looks at.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(4, 2, {.groups = 0}); }) ==
        "Conv1D: groups is 0; expected a positive integer below 2^31. It is the number of parts that the features fall "
        "into.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(4, 2, {.strides = 2, .dilation_rate = 3}); }) ==
        "Conv1D: strides is 2 and dilation_rate is 3; expected one of them to be 1, as in Keras. Dilate less, or pool "
        "after the convolution.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(5, 2, {.groups = 2}); }) ==
        "Conv1D: filters is 5 and groups is 2; expected filters divisible by groups. Each group makes an equal part of "
        "the output.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(4, 2, {.padding = "vaild"}); }) ==
        "Conv1D: padding \"vaild\" is unknown; did you mean \"valid\"? Known: causal, same, valid.");
  CHECK(message_of<InvalidArgument>([] { Conv1D(4, 2, {.data_format = "channels_first"}); }) ==
        "Conv1D: data_format is \"channels_first\"; expected \"channels_last\", (batch, time, features). Put the "
        "features last, with Permute({2, 1}).");
}

TEST_CASE("Conv1D refuses inputs that it cannot see") {
  CHECK(message_of<ShapeError>([] {
          Sequential{Conv1D(4, 3, {.input_shape = {2, 4}})};
        }) ==
        "layer 0 \"conv1d\" (Conv1D): input is (None, 2, 4); expected 3 steps or more for kernel_size 3. Pad the "
        "sequences, make kernel_size smaller, or set padding = \"same\".");
  CHECK(message_of<ShapeError>([] {
          Sequential{Conv1D(4, 3, {.groups = 2, .input_shape = {8, 3}})};
        }) ==
        "layer 0 \"conv1d\" (Conv1D): input is (None, 8, 3); expected features divisible by groups, 2. Each group sees "
        "an equal part of the features.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Conv1D(4, 3, {.groups = 2, .input_shape = {8, None}})};
        }) ==
        "layer 0 \"conv1d\" (Conv1D): input is (None, 8, None); expected a known last axis. Give the first layer an "
        "input_shape without None.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Dense(2, {.input_shape = {3}}), Conv1D(4, 3)};
        }) ==
        "layer 1 \"conv1d\" (Conv1D): input is (None, 2); expected rank 3, (batch, time, features). Check the layers "
        "before it.");
  Sequential model{Embedding(9, 2), Conv1D(4, 3, {.dilation_rate = 2})};
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{1, 2, 3, 4}});
        }) ==
        "Conv1D \"conv1d\": a batch of shape (1, 4, 2); expected 5 steps or more for kernel_size 3 with dilation_rate "
        "2. Pad the sequences, make kernel_size smaller, or set padding = \"same\".");
}
