#include "xeras/layers/builder.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

struct NamedConfig {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(NamedConfig, name, trainable)

// A layer that forgets its backward, and one that hands a mask on although it changes the steps.
class NoBackward final : public LayerWith<NamedConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override {
    gain_ = builder.weight("gain", {1}, "ones");
    return input;
  }
  void forward(const Call& call) const override {
    for (std::int64_t i = 0; i < call.input().size(); ++i) call.output().data[i] = call.input().data[i];
  }

 private:
  Weight gain_{};
};

class DropsSteps final : public LayerWith<NamedConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder&) override {
    return {{input.shape[0], 1, input.last()}, DType::float32, input.masked};
  }
  void forward(const Call&) const override {}
};

}  // namespace

TEST_CASE("Builder: a layer of one's own is named after its class") {
  Sequential model{Embedding(5, 2), NoBackward(), NoBackward({.name = "mine"})};
  CHECK(model.layers()[1]->name() == "no_backward");
  CHECK(model.layers()[1]->class_name() == "NoBackward");
  CHECK(model.layers()[2]->name() == "mine");
}

TEST_CASE("Builder: training a layer without backward says what to do") {
  Sequential model{NoBackward()};
  model.compile("sgd", "mse");
  CHECK(message_of<Error>([&] { model.fit({{1.0}}, {1.0}, {.verbose = 0}); }) ==
        "NoBackward \"no_backward\": cannot be trained: NoBackward has no backward; expected one in a model that is "
        "fitted. "
        "Override backward, or predict only.");
}

TEST_CASE("Builder: a mask cannot be handed on by a layer that changes the steps") {
  Sequential model{Embedding(5, 2, {.mask_zero = true, .input_length = 4})};
  CHECK_THROWS_AS(model.add(DropsSteps()), MaskError);
}

TEST_CASE("Builder::expect speaks in the same words for every layer") {
  Sequential ids{Embedding(5, 2)};
  CHECK(message_of<ShapeError>([&] {
          ids.add(Sequential{GlobalMaxPooling1D(), GlobalMaxPooling1D()});
        }) ==
        "layer 1 \"sequential\" (Sequential) > layer 1 \"global_max_pooling1d_1\" (GlobalMaxPooling1D): input is "
        "(None, 2); "
        "expected rank 3, (batch, time, features). Check the layers before it.");
  Sequential model{Dense(2, {.input_shape = Shape{3, 4, 5}})};
  CHECK(message_of<ShapeError>([&] { model.add(GlobalAveragePooling1D()); }) ==
        "layer 1 \"global_average_pooling1d\" (GlobalAveragePooling1D): input is (None, 3, 4, 2); expected rank 3, "
        "(batch, "
        "time, features). Use a layer that ends the time axis (Flatten, GlobalAveragePooling1D) before it.");
}

TEST_CASE("Builder::expect speaks of return_sequences where a recurrent layer has ended the time axis") {
  const auto add = [](Sequential model, AnyLayer layer) {
    return message_of<ShapeError>([&] { model.add(std::move(layer)); });
  };
  const auto advice = [](const std::string& who) {
    return ", (batch, time, features). Set return_sequences = true in " + who + ", for its output at every step.";
  };
  CHECK(add(Sequential{Embedding(5, 2), LSTM(3)}, LSTM(4)) ==
        "layer 2 \"lstm_1\" (LSTM): input is (None, 3); expected rank 3" + advice("LSTM \"lstm\""));
  CHECK(add(Sequential{Embedding(5, 2), GRU(3), Dropout(0.5)}, Conv1D(4, 2)) ==
        "layer 3 \"conv1d\" (Conv1D): input is (None, 3); expected rank 3" + advice("GRU \"gru\""));
  CHECK(add(Sequential{Embedding(5, 2), Bidirectional(SimpleRNN(3))}, GlobalMaxPooling1D()) ==
        "layer 2 \"global_max_pooling1d\" (GlobalMaxPooling1D): input is (None, 6); expected rank 3" +
            advice("Bidirectional \"bidirectional\""));
  CHECK(add(Sequential{Embedding(5, 2), Sequential{LSTM(3)}}, LSTM(4)) ==
        "layer 2 \"lstm\" (LSTM): input is (None, 3); expected rank 3" + advice("LSTM \"lstm\""));
  CHECK(add(Sequential{Embedding(5, 2), LSTM(3)}, TimeDistributed(Dense(2))) ==
        "layer 2 \"time_distributed\" (TimeDistributed): input is (None, 3); expected rank 3 or more. Set "
        "return_sequences = true in LSTM \"lstm\", for its output at every step.");
  // Not where the steps came back, or never were.
  CHECK(add(Sequential{Embedding(5, 2), LSTM(3), RepeatVector(2), GlobalMaxPooling1D()}, LSTM(4)) ==
        "layer 4 \"lstm_1\" (LSTM): input is (None, 3); expected rank 3, (batch, time, features). Check the layers "
        "before it.");
  CHECK(add(Sequential{Dense(3, {.input_shape = Shape{4}})}, LSTM(4)) ==
        "layer 1 \"lstm\" (LSTM): input is (None, 3); expected rank 3, (batch, time, features). Check the layers "
        "before it.");
}

TEST_CASE("Builder: a null initializer is an error, not a crash") {
  CHECK(message_of<InvalidArgument>([] { Sequential{Embedding(5, 2, {.embeddings_initializer = nullptr})}; }) ==
        "layer 0 \"embedding\" (Embedding): the initializer of \"embeddings\" is null; expected a name or an object. "
        "Leave "
        "the option out for its default; a layer that was moved from has none.");
}
