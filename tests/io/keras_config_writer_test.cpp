#include "io/keras_config_writer.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("A model goes to JSON and back, with what compile set") {
  Sequential model{Embedding(20, 4, {.embeddings_regularizer = regularizers::L2(0.01), .mask_zero = true}),
                   Dropout(0.2),
                   Bidirectional(LSTM(3, {.seed = 7, .return_sequences = true})),
                   TimeDistributed(Dense(2, {.activation = "gelu"})),
                   GlobalAveragePooling1D(),
                   Dense(1, {.kernel_constraint = constraints::MaxNorm({.max_value = 2.0})})};
  model.compile(optimizers::Adam({.learning_rate = 0.01, .clipnorm = 1.0}),
                losses::BinaryCrossentropy({.from_logits = true}), {"acc", metrics::BinaryAccuracy({.threshold = 0.3})},
                {.weighted_metrics = {"mae"}});
  const std::string json = model.to_json();
  Sequential back = model_from_json(json);
  CHECK(back.to_json() == json);
  CHECK(back.output_shape() == model.output_shape());
  CHECK(back.count_params() == model.count_params());
  CHECK(back.optimizer().get_config() == model.optimizer().get_config());
  CHECK_THROWS_AS(model_from_json(json, {.compile = false}).optimizer(), NotCompiled);
}

TEST_CASE("Activations are written by their names, and what Keras lacks is kept for xeras") {
  for (const char* name : {"relu", "relu6", "leaky_relu", "hard_sigmoid", "log_softmax", "gelu", "silu", "hard_silu",
                           "tanh_shrink", "squareplus", "sparsemax", "elu", "linear"}) {
    Sequential model{Dense(2, {.activation = name, .input_shape = {3}})};
    CHECK(model.to_json().find(std::string("\"activation\":\"") + name + '"') != std::string::npos);
  }
  Sequential model{Dense(2, {.activation = activations::Relu({.negative_slope = 0.1}), .input_shape = {3}}),
                   StripMask()};
  const Sequential back = model_from_json(model.to_json());
  CHECK(back.to_json() == model.to_json());
}

TEST_CASE("Layers that Keras lacks are not written as Keras's") {
  Sequential words{NgramVectorization({.vocabulary = {"a", "b"}}), Embedding(3, 2)};
  CHECK(words.to_json().find(R"("module":"xeras.layers","class_name":"NgramVectorization")") != std::string::npos);
  Sequential model{Dense(2, {.input_shape = {3}}), SampledSoftmax(9, {.num_sampled = 2})};
  CHECK(model.to_json().find(R"("module":"xeras.layers","class_name":"SampledSoftmax")") != std::string::npos);
  CHECK(model_from_json(model.to_json()).to_json() == model.to_json());
}

TEST_CASE("Activations with options are written as the layers that Keras has for them") {
  for (const ActivationArgument& activation :
       {ActivationArgument(activations::Relu({.max_value = 2.0})), ActivationArgument(activations::Elu({.alpha = 0.5})),
        ActivationArgument(activations::LeakyRelu({.negative_slope = 0.1}))}) {
    Sequential model{Dense(2, {.activation = activation, .input_shape = {3}})};
    CHECK(model.to_json().find("xeras.activations") == std::string::npos);
    CHECK(model_from_json(model.to_json()).to_json() == model.to_json());
  }
}

// Keras 3.15 reads it so and predicts the same: tests/golden/make_file_forms.py checks.
TEST_CASE("The hard_sigmoid of Keras 2 is written as layers that compute the same, and read back") {
  Sequential model{LSTM(2, {.recurrent_activation = "keras2_hard_sigmoid", .input_shape = {3, 4}})};
  const std::string json = model.to_json();
  CHECK(json.find("keras2_hard_sigmoid\"") != std::string::npos);
  CHECK(json.find(R"("class_name":"Rescaling","config":{"name":"rescaling","scale":0.2,"offset":0.5})") !=
        std::string::npos);
  const Sequential back = model_from_json(json);
  CHECK(back.to_json() == json);
}

TEST_CASE("A learning rate that is a schedule goes to a file and back") {
  Sequential model{Dense(1, {.input_shape = {3}})};
  model.compile(optimizers::SGD({.learning_rate = schedules::InverseTimeDecay({.decay_rate = 0.5})}), "mse");
  CHECK(model.to_json().find(R"("module":"keras.optimizers.schedules","class_name":"InverseTimeDecay")") !=
        std::string::npos);
  CHECK(model_from_json(model.to_json()).optimizer().get_config() == model.optimizer().get_config());
}

TEST_CASE("an InputLayer keeps its name, its dtype and its shape in files, also in those of a clone") {
  const auto input = [](const Sequential& model) {
    const std::string json = model.to_json();
    const auto begin = json.find(R"({"batch_shape")");
    return json.substr(begin, json.find('}', begin) - begin + 1);
  };
  const std::string rest = R"("sparse":false,"ragged":false,"name":"words","optional":false})";
  const Sequential model{layers::InputLayer({7}, {.dtype = "int32", .name = "words"}), layers::Embedding(9, 2)};
  CHECK(input(model) == R"({"batch_shape":[null,7],"dtype":"int32",)" + rest);
  Sequential loaded = model_from_json(model.to_json());
  CHECK(input(loaded) == input(model));
  CHECK(input(loaded.clone()) == input(model));
  CHECK(input(model.clone()) == input(model));
  loaded.build({3, 7});
  CHECK(input(loaded) == R"({"batch_shape":[3,7],"dtype":"int32",)" + rest);
}
