#include "io/keras_config_reader.hpp"

#include "catch.hpp"
#include "io/json.hpp"
#include "support/keras_json.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::dense;
using xeras::testing::model_of;

namespace {

AnyLayer layer_from(const std::string& json) { return io::layer_from_keras(io::parse_json(json, "test"), "layer"); }

}  // namespace

TEST_CASE("Layers of Keras's files keep what they say, and nothing is dropped that says something") {
  CHECK(layer_from(dense(R"(, "use_bias": false, "quantization_config": null)"))->class_name() == "Dense");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "quantization_config": "int8")")); }) ==
        R"(layer.config.quantization_config: "int8"; expected null, all that xeras has.)");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "dtype": "float16")")); }) ==
        R"(layer.config.dtype: "float16"; expected float32, the precision that xeras has. With .dtype = "float32" the )"
        "model loads in that precision.");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "sparsity": 0.5)")); }) ==
        "layer.config.sparsity: 0.5; expected an argument that the class has here.");
  CHECK(message_of<FileError>([] { layer_from(R"({"class_name": "Dense", "config": {"units": -1}})"); }) ==
        "layer.config: Dense: units is -1; expected a positive integer below 2^31. It is the size of the output.");
  CHECK(message_of<FileError>([] { layer_from(R"({"class_name": "Dense", "config": {"units": 3}, "extra": 1})"); }) ==
        "layer.extra: 1; expected what Keras writes.");
}

TEST_CASE("Errors in a model's file say in which layer") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, )";
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + dense("") + ", " + dense(R"(, "zoneout": 1)")));
        }) == "model_from_json: layers[1].config.zoneout: 1; expected an argument that the class has here.");
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + R"({"class_name": "Scale", "config": {}})"));
        }).starts_with("model_from_json: layers[0].config: layer \"Scale\" is unknown"));
  CHECK(message_of<FileError>([&] { model_from_json(R"({"class_name": "Mine", "config": {}})"); }) ==
        "model_from_json: class_name: \"Mine\"; expected Sequential, or layers in a chain, each with one input.");
  CHECK(message_of<FileError>([&] { model_from_json("[1"); }).starts_with("model_from_json: json: no JSON at byte 3"));
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + dense("") + ", 7"));
        }).starts_with("model_from_json: layers[1]: 7; expected a layer's class_name and config."));
}

TEST_CASE("An InputLayer is what a model begins with, and has no other arguments") {
  const auto model = [](const std::string& argument) {
    return model_of(R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4], )" + argument + "}}, " +
                    dense(""));
  };
  CHECK(model_from_json(model(R"("name": "words", "dtype": "int64", "sparse": false)"))
            .to_json()
            .find(R"("dtype":"int64","sparse":false,"ragged":false,"name":"words")") != std::string::npos);
  CHECK(message_of<FileError>([&] { model_from_json(model(R"("sparse": true)")); }) ==
        "model_from_json: InputLayer.config.sparse: true; expected false, all that xeras has.");
  CHECK(message_of<FileError>([&] { model_from_json(model(R"("tensor": 1)")); }) ==
        "model_from_json: InputLayer.config.tensor: 1; expected an argument that InputLayer has.");
}

TEST_CASE("Keys beside a model's configuration are known, too") {
  CHECK(message_of<FileError>([] {
          model_from_json(R"({"class_name": "Sequential", "config": {"layers": []}, "extra": 1})");
        }) == "model_from_json: extra: 1; expected what Keras writes.");
}

TEST_CASE("A layer that the library lacks is named before its arguments") {
  CHECK(message_of<FileError>([] {
          model_from_json(model_of(R"({"class_name": "Attention", "config": {"dtype": "float16", "use_scale": 1}})"));
        }).starts_with("model_from_json: layers[0].config: layer \"Attention\" is unknown"));
  CHECK(message_of<FileError>([] {
          model_from_json(model_of(R"({"class_name": "TimeDistributed", "config": {"dtype": "float16", "layer": )"
                                   R"({"class_name": "Attention", "config": {}}}})"));
        }).starts_with("model_from_json: layers[0].config.layer.config: layer \"Attention\" is unknown"));
}

TEST_CASE("A whole number stands for a truth value, as in Python") {
  CHECK(layer_from(dense(R"(, "use_bias": 0)"))->get_config().find("use_bias")->to_string() == "false");
  CHECK(layer_from(R"({"class_name": "LSTM", "config": {"units": 2, "stateful": -1}})")
            ->get_config()
            .find("stateful")
            ->to_string() == "true");
}
