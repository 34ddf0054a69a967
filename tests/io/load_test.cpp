#include "xeras/io/load.hpp"

#include "catch.hpp"
#include "support/keras_json.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::dense;
using xeras::testing::model_of;

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
