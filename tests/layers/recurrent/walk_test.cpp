#include "layers/recurrent/walk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::LayerProbe;

// What SimpleRNN, LSTM and GRU have in common.

namespace {

// A whole sequence and the same in two pieces may sum in another order.
constexpr float rounding = 1e-6f;

Tensor some_sequences(std::size_t batch, std::size_t time, std::size_t features) {
  Tensor x(Tensor::shape_type{batch, time, features});
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = std::sin(static_cast<float>(i) * 1.7f);
  return x;
}

float largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  float largest = 0.0f;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.flat(i) - b.flat(i)));
  return largest;
}

template <class L>
using Options = decltype(L::Config::options);

}  // namespace

TEMPLATE_TEST_CASE("Recurrent layers: a stateful one goes on where the last batch ended", "", SimpleRNN, LSTM, GRU) {
  Sequential whole{TestType(2)};
  whole.build({2, 6, 3});
  Sequential pieces{TestType(2, Options<TestType>{.stateful = true})};
  pieces.build({2, 3, 3});
  pieces.set_weights(whole.get_weights());
  const Tensor x = some_sequences(2, 6, 3);
  const Tensor first = xt::view(x, xt::all(), xt::range(0, 3)), second = xt::view(x, xt::all(), xt::range(3, 6));
  const Tensor expected = whole.predict(x);
  const Tensor once = pieces.predict(first);
  CHECK(largest_difference(pieces.predict(second), expected) <= rounding);
  CHECK(largest_difference(pieces.predict(second), expected) > rounding);
  pieces.reset_states();
  CHECK((pieces.predict(first) == once));

  // Training carries the state as well; the state is no weight.
  pieces.reset_states();
  pieces.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  pieces.train_on_batch(first, Tensor(xt::zeros<float>({2, 2})));
  CHECK(largest_difference(pieces.predict(second), expected) <= rounding);
  CHECK(pieces.count_params() == whole.count_params());
}

TEMPLATE_TEST_CASE("Recurrent layers: a masked first step gives what the last batch left", "", SimpleRNN, LSTM, GRU) {
  for (const bool zero : {false, true}) {
    Sequential model{
        Masking(),
        TestType(2, Options<TestType>{.return_sequences = true, .stateful = true, .zero_output_for_mask = zero})};
    model.build({1, 3, 1});
    const Tensor before = model.predict({{{1.0f}, {2.0f}, {0.0f}}});
    const Tensor after = model.predict({{{0.0f}, {3.0f}, {0.0f}}});
    for (std::size_t unit = 0; unit < 2; ++unit) {
      CHECK(before(0, 2, unit) == (zero ? 0.0f : before(0, 1, unit)));
      CHECK(after(0, 0, unit) == (zero ? 0.0f : before(0, 1, unit)));
      CHECK(after(0, 2, unit) == (zero ? 0.0f : after(0, 1, unit)));
    }
    // Zeros that are shown are not carried: with the first step as it is the state would be another.
    model.reset_states();
    model.predict({{{1.0f}, {2.0f}, {0.0f}}});
    CHECK(model.predict({{{3.0f}, {0.0f}, {0.0f}}})(0, 0, 0) == after(0, 1, 0));
  }
}

TEMPLATE_TEST_CASE("Recurrent layers: padding on either side changes nothing", "", SimpleRNN, LSTM, GRU) {
  Sequential model{Embedding(9, 4, {.mask_zero = true}), TestType(3)};
  const Tensor bare = model.predict({{3, 1, 4}});
  CHECK((model.predict({{0, 0, 3, 1, 4}}) == bare));
  CHECK((model.predict({{3, 1, 4, 0, 0}}) == bare));
  CHECK((model.predict({{3, 0, 1, 0, 4}}) == bare));
  CHECK((model.predict({{0, 0, 0}}) == xt::xtensor<float, 2>{{0, 0, 0}}));

  Sequential backwards{Embedding(9, 4, {.mask_zero = true}),
                       TestType(3, Options<TestType>{.return_sequences = true, .go_backwards = true})};
  backwards.set_weights(model.get_weights());
  // Outputs stay in the order in which the steps went.
  const Tensor reversed = backwards.predict({{4, 1, 3, 0, 0}});
  CHECK((xt::view(reversed, xt::all(), 4) == bare));
  CHECK((xt::view(reversed, xt::all(), 1) == xt::xtensor<float, 2>{{0, 0, 0}}));
}

TEMPLATE_TEST_CASE("Recurrent layers: what stands in masked steps does not matter, NaN either", "", SimpleRNN, LSTM,
                   GRU) {
  TestType layer(2, Options<TestType>{.return_sequences = true});
  LayerProbe probe(layer, {1, 3, 1}, true);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> dy = {1, 2, 3, 4, 5, 6};
  const auto clean = probe.backward({1, 0, 2}, dy, {1, 0, 1});
  const std::vector<float> y = probe.forward({1, 0, 2}, {1, 0, 1});
  const auto dirty = probe.backward({1, nan, 2}, dy, {1, 0, 1});
  CHECK(probe.forward({1, nan, 2}, {1, 0, 1}) == y);
  CHECK(dirty.input == clean.input);
  CHECK(dirty.input[1] == 0.0f);
  CHECK(dirty.weights == clean.weights);
}

TEMPLATE_TEST_CASE("Recurrent layers: sequences of length 1 and 0, and empty batches", "", SimpleRNN, LSTM, GRU) {
  TestType layer(2);
  LayerProbe one(layer, {1, 1, 3});
  CHECK(one.forward({1, 2, 3}).size() == 2);
  LayerProbe none(layer, {2, 0, 3});
  CHECK(none.forward({}) == std::vector<float>{0, 0, 0, 0});
  CHECK(none.backward({}, {1, 1, 1, 1}).input.empty());
  LayerProbe empty(layer, {0, 4, 3});
  CHECK(empty.forward({}).empty());
}

TEMPLATE_TEST_CASE("Recurrent layers: dropout draws once for all steps", "", SimpleRNN, LSTM, GRU) {
  const std::int64_t batch = 20, time = 3, features = 100;
  TestType layer(2, Options<TestType>{.dropout = 0.25, .return_sequences = true});
  LayerProbe probe(layer, {batch, time, features});
  std::vector<float> x(static_cast<std::size_t>(batch * time * features));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  const std::vector<float> dy(static_cast<std::size_t>(batch * time * 2), 1.0f);
  const auto dropped_at = [&](std::int64_t step) {
    const std::vector<float> dx = probe.backward(x, dy, {}, true).input;
    std::vector<int> dropped;
    for (std::int64_t b = 0; b < batch; ++b) {
      for (std::int64_t d = 0; d < features; ++d) {
        dropped.push_back(dx[static_cast<std::size_t>((b * time + step) * features + d)] == 0.0f);
      }
    }
    return dropped;
  };
  const std::vector<int> first = dropped_at(0);
  const auto count = std::count(first.begin(), first.end(), 1);
  CHECK(count > 2000 / 4 - 100);
  CHECK(count < 2000 / 4 + 100);
  CHECK(dropped_at(1) == first);
  CHECK(dropped_at(2) == first);
}

TEMPLATE_TEST_CASE("Recurrent layers: dropout is drawn anew for each training step, and only there", "", SimpleRNN,
                   LSTM, GRU) {
  const Tensor x = some_sequences(2, 4, 8) * 0.1f;
  Sequential model{TestType(8, Options<TestType>{.dropout = 0.5, .recurrent_dropout = 0.5})};
  model.build({None, 4, 8});
  CHECK((model.predict(x) == model.predict(x)));
  CHECK_FALSE((model(x, true) == model(x, true)));

  auto with_seed = Options<TestType>{.kernel_initializer = "ones", .recurrent_initializer = "ones", .dropout = 0.5};
  with_seed.seed = 3;
  Sequential one{TestType(8, with_seed)}, other{TestType(8, with_seed)};
  const Tensor first = one(x, true), second = one(x, true);
  CHECK_FALSE((first == second));
  CHECK((other(x, true) == first));
  CHECK((other(x, true) == second));
}

TEST_CASE("Recurrent layers: dropout scales what it keeps, and recurrent dropout stays from step to step") {
  SimpleRNN layer(1, {.activation = nullptr, .kernel_initializer = "ones", .dropout = 0.2, .return_sequences = true});
  LayerProbe probe(layer, {200, 1, 1});
  const std::vector<float> y = probe.forward(std::vector<float>(200, 1.0f), {}, true);
  CHECK(std::count(y.begin(), y.end(), 1.25f) + std::count(y.begin(), y.end(), 0.0f) == 200);
  CHECK(std::count(y.begin(), y.end(), 0.0f) > 10);

  SimpleRNN recurrent(1, {.activation = nullptr,
                          .kernel_initializer = "ones",
                          .recurrent_initializer = "ones",
                          .recurrent_dropout = 0.5,
                          .return_sequences = true});
  LayerProbe recurrent_probe(recurrent, {200, 3, 1});
  const std::vector<float> h = recurrent_probe.forward(std::vector<float>(600, 1.0f), {}, true);
  int dropped = 0;
  for (std::size_t row = 0; row < 600; row += 3) {
    // 1, 1 + 2 * 1, 1 + 2 * 3; or each step anew
    const bool kept = h[row + 1] == 3.0f;
    dropped += kept ? 0 : 1;
    CHECK(h[row] == 1.0f);
    CHECK(h[row + 1] == (kept ? 3.0f : 1.0f));
    CHECK(h[row + 2] == (kept ? 7.0f : 1.0f));
  }
  CHECK(dropped > 60);
  CHECK(dropped < 140);
}

TEST_CASE("Recurrent layers: with recurrent dropout each gate draws for itself") {
  // One step: i g o of an LSTM, each 0 or 2.
  const auto kept = [](double recurrent_dropout) {
    LSTM layer(1, {.activation = nullptr,
                   .recurrent_activation = nullptr,
                   .use_bias = false,
                   .kernel_initializer = "ones",
                   .dropout = 0.5,
                   .recurrent_dropout = recurrent_dropout});
    LayerProbe probe(layer, {1000, 1, 1});
    const std::vector<float> y = probe.forward(std::vector<float>(1000, 1.0f), {}, true);
    const auto count = std::count(y.begin(), y.end(), 8.0f);
    CHECK(std::count(y.begin(), y.end(), 0.0f) == 1000 - count);
    return count;
  };
  CHECK(std::abs(kept(0.0) - 500) < 100);
  CHECK(std::abs(kept(0.01) - 125) < 60);
  // (1 - z) g of a GRU: z and g are 2 together, or each for itself.
  const auto positive = [](double recurrent_dropout) {
    GRU layer(1, {.activation = nullptr,
                  .recurrent_activation = nullptr,
                  .kernel_initializer = "ones",
                  .dropout = 0.5,
                  .recurrent_dropout = recurrent_dropout});
    LayerProbe probe(layer, {1000, 1, 1});
    const std::vector<float> y = probe.forward(std::vector<float>(1000, 1.0f), {}, true);
    return std::count(y.begin(), y.end(), 2.0f);
  };
  CHECK(positive(0.0) == 0);
  CHECK(std::abs(positive(0.01) - 250) < 80);
}

TEMPLATE_TEST_CASE("Recurrent layers: dropout of 1 drops everything", "", SimpleRNN, LSTM, GRU) {
  TestType layer(2, Options<TestType>{.dropout = 1.0, .recurrent_dropout = 1.0});
  LayerProbe probe(layer, {1, 2, 1});
  CHECK(probe.forward({1, 2}, {}, true) == probe.forward({0, 0}, {}, true));
}

TEMPLATE_TEST_CASE("Recurrent layers: weights keep their regularizers and constraints; a frozen layer stays", "",
                   SimpleRNN, LSTM, GRU) {
  TestType layer(2, Options<TestType>{.kernel_regularizer = regularizers::L1(1.0),
                                      .recurrent_regularizer = regularizers::L1(2.0),
                                      .bias_regularizer = regularizers::L1(3.0),
                                      .kernel_constraint = "non_neg",
                                      .recurrent_constraint = "unit_norm",
                                      .bias_constraint = constraints::MaxNorm(),
                                      .name = "frozen",
                                      .trainable = false});
  Sequential model{std::move(layer), Dense(1)};
  model.build({None, 3, 2});
  const std::vector<Variable*> variables = model.get_layer("frozen").variables();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(variables[i]->regularizer->get_config().find("l1")->to_string() == Value(1.0 + double(i)).to_string());
  }
  CHECK(variables[0]->constraint->class_name() == "NonNeg");
  CHECK(variables[1]->constraint->class_name() == "UnitNorm");
  CHECK(variables[2]->constraint->class_name() == "MaxNorm");

  const std::vector<Tensor> before = model.get_layer("frozen").get_weights();
  model.compile("sgd", "mse");
  model.fit(some_sequences(4, 3, 2), {1.0, 2.0, 3.0, 4.0}, {.epochs = 2, .verbose = 0});
  CHECK((model.get_layer("frozen").get_weights() == before));
}

TEMPLATE_TEST_CASE("Recurrent layers: the activity regularizer sees the output", "", SimpleRNN, LSTM, GRU) {
  Sequential model{TestType(2, Options<TestType>{.activity_regularizer = regularizers::L1(0.5)})};
  model.build({None, 3, 2});
  model.compile("sgd", "mse");
  const Tensor x = some_sequences(4, 3, 2);
  const Tensor y = model.predict(x);
  const double expected = 0.5 * xt::sum(xt::abs(y))() / 4;
  CHECK(std::abs(model.evaluate(x, y, {.verbose = 0})["loss"] - expected) < 1e-6);
}

TEMPLATE_TEST_CASE("Recurrent layers: learn what stood in the first of several steps", "", SimpleRNN, LSTM, GRU) {
  set_random_seed(11);
  Tensor x(xt::zeros<float>({64, 6, 1}));
  Tensor y(xt::zeros<float>({64, 1}));
  for (std::size_t i = 0; i < 64; ++i) {
    y(i, 0) = static_cast<float>(i % 2);
    x(i, 0, 0) = i % 2 == 0 ? -1.0f : 1.0f;
    for (std::size_t t = 1; t < 6; ++t) x(i, t, 0) = std::sin(static_cast<float>(7 * i + t));
  }
  Sequential model{TestType(8, Options<TestType>{.dropout = 0.1}), Dense(1, {.activation = "sigmoid"})};
  model.compile(optimizers::Adam({.learning_rate = 0.02}), "binary_crossentropy", {"accuracy"});
  model.fit(x, y, {.batch_size = 16, .epochs = 60, .verbose = 0});
  CHECK(model.evaluate(x, y, {.verbose = 0})["accuracy"] == 1.0);
}

TEMPLATE_TEST_CASE("Recurrent layers: ids, masks and states together", "", SimpleRNN, LSTM, GRU) {
  Sequential model{Embedding(9, 4, {.mask_zero = true, .batch_input_shape = {2, None}}),
                   TestType(3, Options<TestType>{.return_sequences = true, .stateful = true}),
                   TestType(2, Options<TestType>{.stateful = true}), Dense(1)};
  model.compile("adam", "mse");
  model.fit({{1, 2, 0}, {3, 0, 0}, {4, 5, 6}, {7, 8, 0}}, {1.0, 2.0, 3.0, 4.0}, {.epochs = 2, .verbose = 0});
  model.reset_states();
  const Tensor first = model.predict({{1, 2, 0}, {3, 0, 0}});
  CHECK_FALSE((model.predict({{1, 2, 0}, {3, 0, 0}}) == first));
  CHECK((model.predict({{0, 0, 0}, {0, 0, 0}}) == model.predict({{0}, {0}})));
}

TEMPLATE_TEST_CASE("Recurrent layers refuse what cannot be", "", SimpleRNN, LSTM, GRU) {
  using O = Options<TestType>;
  const std::string who = TestType(1).class_name();
  const auto message = [](std::int64_t units, const O& options) {
    return message_of<InvalidArgument>([&] { TestType(units, options); });
  };
  CHECK(message(0, {}) == who + ": units is 0; expected a positive integer below 2^31. It is the size of the output.");
  CHECK(message(-1, {.name = "r"}) ==
        who + " \"r\": units is -1; expected a positive integer below 2^31. It is the size of the output.");
  CHECK(message(1, {.dropout = 1.5}) ==
        who + ": dropout is 1.5; expected a fraction in [0, 1]. It is the share of the input that training sets to 0.");
  CHECK(message(1, {.recurrent_dropout = -0.5}) ==
        who +
            ": recurrent_dropout is -0.5; expected a fraction in [0, 1]. It is the share of the previous output that "
            "training sets to 0.");
  CHECK(message(1, {.return_state = true}) ==
        who +
            ": return_state is true; expected false. A layer has one output here: return_sequences gives every "
            "step's, stateful keeps the state.");
  CHECK(message(1, {.unroll = true}) ==
        who + ": unroll is true; expected false. There is no graph to unroll, and the numbers are the same.");
}

TEST_CASE("Recurrent layers refuse inputs that they cannot walk through") {
  Sequential flat{LSTM(2)};
  CHECK(
      message_of<ShapeError>([&] {
        flat.build({None, 3});
      }) ==
      "layer 0 \"lstm\" (LSTM): input is (None, 3); expected rank 3, (batch, time, features). Check the layers before "
      "it.");
  Sequential open{GRU(2)};
  CHECK(message_of<ShapeError>([&] {
          open.build({None, 3, None});
        }) ==
        "layer 0 \"gru\" (GRU): input is (None, 3, None); expected a known last axis. Give the first layer an "
        "input_shape without None.");
  Sequential stateful{SimpleRNN(2, {.stateful = true})};
  CHECK(message_of<ShapeError>([&] {
          stateful.build({None, 3, 2});
        }) ==
        "layer 0 \"simple_rnn\" (SimpleRNN): input is (None, 3, 2); expected a fixed batch for a stateful layer. Build "
        "the model with it: model.build({32, 10, 4}).");
  stateful.build({2, 3, 2});
  CHECK(message_of<InvalidInput>([&] { stateful.predict(some_sequences(3, 3, 2)); }) ==
        "predict: x has 3 samples; expected a multiple of 2, the batch that the model was built with. Leave the last "
        "ones out.");
}
