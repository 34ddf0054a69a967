#include "io/keras_config.hpp"

#include "catch.hpp"
#include "io/json.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

AnyLayer layer_from(const std::string& json) { return io::layer_from_keras(io::parse_json(json, "test"), "layer"); }

std::string dense(const std::string& arguments) {
  return R"({"module": "keras.layers", "class_name": "Dense", "config": {"units": 3)" + arguments +
         R"(}, "registered_name": null})";
}

std::string model_of(const std::string& layers) {
  return R"({"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [)" + layers + "]}}";
}

}  // namespace

TEST_CASE("Layers of Keras's files keep what they say, and nothing is dropped that says something") {
  CHECK(layer_from(dense(R"(, "use_bias": false, "quantization_config": null)"))->class_name() == "Dense");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "quantization_config": "int8")")); }) ==
        R"(layer.config.quantization_config: "int8"; expected null, all that xeras has.)");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "dtype": "float16")")); }) ==
        R"(layer.config.dtype: "float16"; expected float32, the precision that xeras has.)");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "sparsity": 0.5)")); }) ==
        "layer.config.sparsity: 0.5; expected an argument that the class has here.");
  CHECK(message_of<FileError>([] { layer_from(R"({"class_name": "Dense", "config": {"units": -1}})"); }) ==
        "layer.config: Dense: units is -1; expected a positive integer. It is the size of the output.");
  CHECK(message_of<FileError>([] { layer_from(R"({"class_name": "Dense", "config": {"units": 3}, "extra": 1})"); }) ==
        "layer.extra: 1; expected what Keras writes.");
}

TEST_CASE("Errors in a model's file say in which layer") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, )";
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + dense("") + ", " + dense(R"(, "zoneout": 1)")));
        }) == "model_from_json: layers[2].config.zoneout: 1; expected an argument that the class has here.");
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + R"({"class_name": "Scale", "config": {}})"));
        }).starts_with("model_from_json: layers[1].config: layer \"Scale\" is unknown"));
  CHECK(message_of<FileError>([&] { model_from_json(R"({"class_name": "Functional", "config": {}})"); }) ==
        "model_from_json: class_name: \"Functional\"; expected \"Sequential\", the only kind of model that xeras has.");
  CHECK(message_of<FileError>([&] { model_from_json("[1"); }).starts_with("model_from_json: json: no JSON at byte 3"));
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + dense("") + ", 7"));
        }).starts_with("model_from_json: layers[2]: 7; expected a layer's class_name and config."));
}

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

TEST_CASE("What compile cannot take from a file does not keep the model from loading") {
  const std::string json =
      R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)"
      R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, {"class_name": "Dense", "config": {"units": 1}}]},)"
      R"("compile_config": {"optimizer": "adam", "loss": "huber"}})";
  CHECK(message_of<FileError>([&] { model_from_json(json); }) ==
        "model_from_json: compile_config.loss: loss \"huber\" is unknown; expected one of the known names. Known: "
        "BCE, MAE, MSE, bce, binary_crossentropy, categorical_crossentropy, mae, mean_absolute_error, "
        "mean_squared_error, mse, sparse_categorical_crossentropy. With .compile = false the model loads without it.");
  CHECK(model_from_json(json, {.compile = false}).count_params() == 5);
}

TEST_CASE("A batch that only the InputLayer has binds nobody, unless a stateful layer needs it") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [32, 5, 3]}}, )";
  const auto lstm = [](const char* stateful) {
    return std::string(R"({"class_name": "LSTM", "config": {"units": 2, "stateful": )") + stateful + "}}";
  };
  const Sequential open = model_from_json(model_of(input + lstm("false")));
  CHECK(open.predict(xt::xarray<float>(xt::ones<float>({2, 7, 3}))).shape()[0] == 2);
  CHECK(open.to_json().find(R"("batch_shape":[32,5,3])") != std::string::npos);
  const Sequential fixed = model_from_json(model_of(input + lstm("true")));
  CHECK(fixed.input_shape() == Shape({32, None, 3}));
}

TEST_CASE("A length that only the InputLayer has binds no sequence, unless a layer needs it") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 5]}}, )";
  const std::string embedding = R"({"class_name": "Embedding", "config": {"input_dim": 9, "output_dim": 2}}, )";
  const Sequential open =
      model_from_json(model_of(input + embedding + R"({"class_name": "LSTM", "config": {"units": 2}})"));
  CHECK(open.predict(xt::xarray<int>(xt::ones<int>({1, 8}))).shape()[1] == 2);
  CHECK(open.to_json().find(R"("batch_shape":[null,5])") != std::string::npos);
  const Sequential flat =
      model_from_json(model_of(input + embedding + R"({"class_name": "Flatten", "config": {}}, )" + dense("")));
  CHECK(flat.input_shape() == Shape({None, 5}));
  CHECK_THROWS_AS(flat.predict(xt::xarray<int>(xt::ones<int>({1, 8}))), InvalidInput);
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
