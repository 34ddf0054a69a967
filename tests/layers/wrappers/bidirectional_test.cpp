#include "xeras/layers/wrappers/bidirectional.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

namespace {

const std::vector<std::string> lstm_weights = {"kernel (2, 12)", "recurrent_kernel (3, 12)", "bias (12,)",
                                               "kernel (2, 12)", "recurrent_kernel (3, 12)", "bias (12,)"};

}  // namespace

TEST_CASE("Bidirectional keeps the layer contract") {
  check_layer(Bidirectional(LSTM(3)),
              {.input = {4, 5, 2}, .output = {4, 6}, .weights = lstm_weights, .uses_mask = true});
  for (const char* mode : {"concat", "sum", "mul", "ave"}) {
    check_layer(Bidirectional(LSTM(3, {.return_sequences = true}), {.merge_mode = mode, .name = "both"}),
                {.input = {4, 5, 2},
                 .output = {4, 5, std::string(mode) == "concat" ? 6 : 3},
                 .weights = lstm_weights,
                 .passes_mask = true});
    check_layer(Bidirectional(GRU(1, {.dropout = 0.2, .recurrent_dropout = 0.2}), {.merge_mode = mode}),
                {.input = {4, 5, 2},
                 .output = {4, std::string(mode) == "concat" ? 2 : 1},
                 .weights = {"kernel (2, 3)", "recurrent_kernel (1, 3)", "bias (2, 3)", "kernel (2, 3)",
                             "recurrent_kernel (1, 3)", "bias (2, 3)"},
                 .uses_mask = true});
  }
  check_layer(
      Bidirectional(
          SimpleRNN(2, {.use_bias = false, .return_sequences = true}),
          {.backward_layer = LSTM(2, {.return_sequences = true, .go_backwards = true}), .input_shape = {1, 2}}),
      {.input = {1, 1, 2},
       .output = {1, 1, 4},
       .weights = {"kernel (2, 2)", "recurrent_kernel (2, 2)", "kernel (2, 8)", "recurrent_kernel (2, 8)", "bias (8,)"},
       .passes_mask = true});
}

TEST_CASE("Bidirectional merges both directions, step by step in the order of time") {
  const auto run = [](const char* mode, bool sequences, const std::vector<std::uint8_t>& mask) {
    Bidirectional layer(SimpleRNN(1, {.activation = nullptr, .use_bias = false, .return_sequences = sequences}),
                        {.merge_mode = mode});
    LayerProbe probe(layer, {1, 3, 1}, true);
    layer.set_weights({xt::xtensor<float, 2>{{1}}, xt::xtensor<float, 2>{{1}}, xt::xtensor<float, 2>{{2}},
                       xt::xtensor<float, 2>{{1}}});
    return probe.forward({1, 2, 3}, mask);
  };
  using Floats = std::vector<float>;
  // Ahead 1, 3, 6; back, of 6, 4, 2: 12, 10, 6.
  CHECK(run("concat", true, {1, 1, 1}) == Floats{1, 12, 3, 10, 6, 6});
  CHECK(run("sum", true, {1, 1, 1}) == Floats{13, 13, 12});
  CHECK(run("mul", true, {1, 1, 1}) == Floats{12, 30, 36});
  CHECK(run("ave", true, {1, 1, 1}) == Floats{6.5f, 6.5f, 6});
  CHECK(run("concat", false, {1, 1, 1}) == Floats{6, 12});
  // Masked steps are 0 in sequences, whatever the layers' zero_output_for_mask says; else they repeat.
  CHECK(run("concat", true, {1, 1, 0}) == Floats{1, 6, 3, 4, 0, 0});
  CHECK(run("concat", false, {1, 1, 0}) == Floats{3, 6});
  CHECK(run("sum", false, {0, 0, 0}) == Floats{0});
}

TEST_CASE("Bidirectional passes the mask on with sequences only") {
  Bidirectional sequences(GRU(1, {.return_sequences = true}));
  LayerProbe probe(sequences, {1, 3, 1}, true);
  const std::vector<std::uint8_t> mask = {1, 0, 1};
  probe.forward({1, 2, 3}, mask);
  CHECK(probe.output_mask() == mask);
  Bidirectional last(GRU(1));
  CHECK_FALSE(LayerProbe(last, {1, 3, 1}, true).node().output.masked);
}

TEST_CASE("Bidirectional gives each direction a name and weights of its own") {
  Sequential model{Bidirectional(LSTM(2, {.name = "words"})), Dense(1)};
  model.build({None, 3, 2});
  const auto& layer = model.get_layer<Bidirectional>("bidirectional");
  CHECK(layer.forward_layer().name() == "forward_words");
  CHECK(layer.backward_layer().name() == "backward_words");
  CHECK_FALSE((layer.forward_layer().get_weights()[0] == layer.backward_layer().get_weights()[0]));
  CHECK(layer.count_params() == 2 * 4 * 2 * (2 + 2 + 1));
  const Bidirectional unnamed(SimpleRNN(2));
  CHECK(unnamed.forward_layer().name() == "forward_simple_rnn");
  CHECK(unnamed.backward_layer().name() == "backward_simple_rnn");
  const Bidirectional own(GRU(2, {.name = "ahead"}),
                          {.backward_layer = GRU(2, {.go_backwards = true, .name = "back"})});
  CHECK(own.forward_layer().name() == "forward_ahead");
  CHECK(own.backward_layer().name() == "back");
}

TEST_CASE("Bidirectional writes both layers into its configuration and reads them again") {
  const Bidirectional layer(LSTM(2, {.dropout = 0.5, .return_sequences = true, .name = "l"}),
                            {.merge_mode = "sum", .name = "both"});
  const AnyLayer any(layer);
  const Value value = to_value(any);
  const Value& config = *value.find("config");
  CHECK(config.find("merge_mode")->to_string() == "\"sum\"");
  const Value& ahead = *config.find("layer");
  CHECK(ahead.find("class_name")->to_string() == "\"LSTM\"");
  CHECK(ahead.find("config")->find("name")->to_string() == "\"forward_l\"");
  CHECK(ahead.find("config")->find("go_backwards")->to_string() == "false");
  CHECK(ahead.find("config")->find("zero_output_for_mask")->to_string() == "true");
  const Value& back = *config.find("backward_layer");
  CHECK(back.find("config")->find("name")->to_string() == "\"backward_l\"");
  CHECK(back.find("config")->find("go_backwards")->to_string() == "true");
  CHECK(back.find("config")->find("dropout")->to_string() == "0.5");
  AnyLayer again;
  from_value(value, again, "layer");
  CHECK(to_value(again) == value);

  Sequential model{layer}, same{dynamic_cast<const Bidirectional&>(*again)};
  model.build({None, 3, 2});
  same.build({None, 3, 2});
  same.set_weights(model.get_weights());
  const xt::xtensor<float, 3> x{{{1, 2}, {3, 4}, {5, 6}}};
  CHECK((same.predict(x) == model.predict(x)));
}

TEST_CASE("Bidirectional: a copy is a copy, and models with it train, copy and freeze") {
  set_random_seed(5);
  Sequential tagger{Embedding(5, 2, {.mask_zero = true}),
                    Bidirectional(LSTM(8, {.return_sequences = true}), {.merge_mode = "concat"}),
                    Bidirectional(Bidirectional(GRU(3, {.return_sequences = true}))),
                    TimeDistributed(Dense(4, {.activation = "softmax"}))};
  CHECK(tagger.output_shape() == Shape({None, None, 4}));
  tagger.compile(optimizers::Adam({.learning_rate = 0.05}), "sparse_categorical_crossentropy", {"accuracy"});
  // What a step is follows from the step behind it: only going back can know.
  const xt::xtensor<int, 2> x{{1, 2, 3, 0}, {2, 1, 4, 3}, {3, 3, 1, 0}, {4, 2, 2, 1}};
  const xt::xtensor<int, 2> y{{2, 3, 0, 0}, {1, 0, 3, 0}, {3, 1, 0, 0}, {2, 2, 1, 0}};
  tagger.fit(x, y, {.epochs = 60, .verbose = 0});
  CHECK(tagger.evaluate(x, y, {.verbose = 0})["accuracy"] == 1.0);
  const Sequential copy = tagger.clone();
  CHECK((copy.predict(x) == tagger.predict(x)));

  auto& layer = tagger.get_layer<Bidirectional>(1);
  layer.set_trainable(false);
  CHECK_FALSE(layer.backward_layer().trainable());
  const std::vector<Tensor> before = layer.get_weights();
  tagger.compile("sgd", "sparse_categorical_crossentropy");
  tagger.fit(x, y, {.epochs = 2, .verbose = 0});
  CHECK((layer.get_weights() == before));
}

TEST_CASE("Bidirectional adds the penalty of its output, for each sample of the batch") {
  const SimpleRNN rnn(1, {.activation = "linear",
                          .use_bias = false,
                          .kernel_initializer = "ones",
                          .recurrent_initializer = "zeros",
                          .return_sequences = true});
  Sequential model{
      Bidirectional(rnn, {.merge_mode = "sum", .activity_regularizer = regularizers::L1(0.25), .input_shape = {3, 1}})};
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "mse");
  const xt::xtensor<float, 3> x{{{1}, {2}, {3}}, {{4}, {0}, {2}}};
  // The output is 2 x, and 0.25 * 2 * (1 + 2 + 3 + 4 + 0 + 2) / 2 = 3, as Keras 3.15 says as well.
  const xt::xtensor<float, 3> y = 2 * x;
  CHECK(std::abs(model.evaluate(x, y, {.verbose = 0})["loss"] - 3.0) < 1e-6);
  CHECK(std::abs(model.train_on_batch(x, y)["loss"] - 3.0) < 1e-6);
  CHECK(std::abs(model.get_weights()[0].data()[0] - (1.0 - 1.5)) < 1e-6);
}

TEST_CASE("Bidirectional keeps the states of both layers") {
  Sequential model{Bidirectional(GRU(2, {.stateful = true}))};
  model.build({1, 2, 1});
  const xt::xtensor<float, 3> x{{{1}, {2}}};
  const Tensor first = model.predict(x);
  const Tensor second = model.predict(x);
  CHECK_FALSE(second(0, 0) == first(0, 0));
  CHECK_FALSE(second(0, 2) == first(0, 2));
  model.reset_states();
  CHECK((model.predict(x) == first));
}

TEST_CASE("Bidirectional refuses what cannot be") {
  const auto message = [](auto make) { return message_of<InvalidArgument>(make); };
  CHECK(message([] { Bidirectional(Dense(3)); }) ==
        "Bidirectional: layer is Dense; expected a SimpleRNN, LSTM or GRU. Write Bidirectional(LSTM(8)).");
  CHECK(message([] { Bidirectional{BidirectionalConfig{}}; }) ==
        "Bidirectional: layer is missing; expected a SimpleRNN, LSTM or GRU. Write Bidirectional(LSTM(8)).");
  CHECK(message([] { Bidirectional(LSTM(3), {.backward_layer = Dense(3)}); }) ==
        "Bidirectional: backward_layer is Dense; expected a SimpleRNN, LSTM or GRU. Write Bidirectional(LSTM(8)).");
  const std::string modes = "; expected \"concat\", \"sum\", \"mul\" or \"ave\". A layer has one output.";
  CHECK(message([] { Bidirectional(LSTM(3), {.merge_mode = "max"}); }) ==
        "Bidirectional: merge_mode is \"max\"" + modes);
  CHECK(message([] { Bidirectional(LSTM(3), {.merge_mode = std::nullopt, .name = "b"}); }) ==
        "Bidirectional \"b\": merge_mode is None" + modes);
  CHECK(
      message([] { Bidirectional(LSTM(3, {.go_backwards = true})); }) ==
      "Bidirectional: both layers have go_backwards = true; expected one of each. Leave go_backwards out of the layer, "
      "and set it in a backward_layer.");
  CHECK(message([] { Bidirectional(LSTM(3), {.backward_layer = LSTM(3)}); }) ==
        "Bidirectional: both layers have go_backwards = false; expected one of each. Leave go_backwards out of the "
        "layer, and set it in a backward_layer.");
  CHECK(message([] { Bidirectional(LSTM(3), {.backward_layer = GRU(4, {.go_backwards = true})}); }) ==
        "Bidirectional: units is 3 in the layer and 4 in backward_layer; expected the same. Give both the same units.");
  CHECK(
      message([] {
        Bidirectional(LSTM(3, {.return_sequences = true}), {.backward_layer = LSTM(3, {.go_backwards = true})});
      }) ==
      "Bidirectional: return_sequences is true in the layer and false in backward_layer; expected the same. Give both "
      "the same return_sequences.");
  CHECK(
      message([] { Bidirectional(LSTM(3), {.backward_layer = LSTM(3, {.go_backwards = true, .stateful = true})}); }) ==
      "Bidirectional: stateful is false in the layer and true in backward_layer; expected the same. Give both the same "
      "stateful.");
  Sequential model{Bidirectional(LSTM(3))};
  CHECK(
      message_of<ShapeError>([&] {
        model.build({None, 3});
      }) ==
      "layer 0 \"bidirectional\" (Bidirectional): input is (None, 3); expected rank 3, (batch, time, features). Check "
      "the layers before it.");
}

TEST_CASE("Bidirectional takes the input_shape of its layer") {
  Sequential model{Bidirectional(LSTM(3, {.input_shape = {5, 2}}))};
  CHECK(model.output_shape() == Shape({None, 6}));
}
