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
        R"(layer.config.quantization_config: "int8"; expected null, the only value that xeras supports.)");
  CHECK(
      message_of<FileError>([] { layer_from(dense(R"(, "dtype": "float16")")); }) ==
      R"(layer.config.dtype: "float16"; expected float32, the precision that xeras supports. With .dtype = "float32" the )"
      "model loads in that precision.");
  CHECK(message_of<FileError>([] { layer_from(dense(R"(, "sparsity": 0.5)")); }) ==
        "layer.config.sparsity: 0.5; expected an argument that xeras supports for this class.");
  CHECK(message_of<FileError>([] { layer_from(R"({"class_name": "Dense", "config": {"units": -1}})"); }) ==
        "layer.config: Dense: units is -1; expected a positive integer below 2^31. It is the size of the output.");
  CHECK(message_of<FileError>([] { layer_from(R"({"class_name": "Dense", "config": {"units": 3}, "extra": 1})"); }) ==
        "layer.extra: 1; expected what Keras writes.");
}

TEST_CASE("Errors in a model's file say in which layer") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, )";
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + dense("") + ", " + dense(R"(, "zoneout": 1)")));
        }) == "model_from_json: layers[1].config.zoneout: 1; expected an argument that xeras supports for this class.");
  CHECK(message_of<FileError>([&] {
          model_from_json(model_of(input + R"({"class_name": "Scale", "config": {}})"));
        }).starts_with("model_from_json: layers[0].config: layer class \"Scale\" is unknown"));
  CHECK(message_of<FileError>([&] { model_from_json(R"({"class_name": "Mine", "config": {}})"); }) ==
        "model_from_json: class_name: \"Mine\"; expected Sequential, or layers in a chain, each with one input.");
  CHECK(message_of<FileError>([&] {
          model_from_json("[1");
        }).starts_with("model_from_json: json: invalid JSON at byte 3"));
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
        "model_from_json: InputLayer.config.sparse: true; expected false, the only value that xeras supports.");
  CHECK(message_of<FileError>([&] { model_from_json(model(R"("tensor": 1)")); }) ==
        "model_from_json: InputLayer.config.tensor: 1; expected an argument of InputLayer.");
}

TEST_CASE("Keys beside a model's configuration are known, too") {
  CHECK(message_of<FileError>([] {
          model_from_json(R"({"class_name": "Sequential", "config": {"layers": []}, "extra": 1})");
        }) == "model_from_json: extra: 1; expected what Keras writes.");
}

TEST_CASE("A layer that the library lacks is named before its arguments") {
  CHECK(message_of<FileError>([] {
          model_from_json(model_of(R"({"class_name": "Attention", "config": {"dtype": "float16", "use_scale": 1}})"));
        })
            .starts_with("model_from_json: layers[0].config: layer class \"Attention\" exists in Keras, but not here "
                         "yet; expected "));
  CHECK(message_of<FileError>([] {
          model_from_json(model_of(R"({"class_name": "TimeDistributed", "config": {"dtype": "float16", "layer": )"
                                   R"({"class_name": "Attention", "config": {}}}})"));
        })
            .starts_with("model_from_json: layers[0].config.layer.config: layer class \"Attention\" exists in Keras, "
                         "but not here yet; expected "));
}

TEST_CASE("A whole number stands for a truth value, as in Python") {
  CHECK(layer_from(dense(R"(, "use_bias": 0)"))->get_config().find("use_bias")->to_string() == "false");
  CHECK(layer_from(R"({"class_name": "LSTM", "config": {"units": 2, "stateful": -1}})")
            ->get_config()
            .find("stateful")
            ->to_string() == "true");
}

TEST_CASE("Arrays of a Constant come from files in every spelling, and go back as Keras 3 writes them") {
  const auto message = [](const std::string& value) {
    return dense(R"(, "kernel_initializer": {"class_name": "Constant", "config": {"value": )" + value + "}}");
  };
  const std::string matrix = "[[1, 2.5, 3], [4, 5, 6]]";
  for (const std::string& value :
       {matrix, R"({"class_name": "__numpy__", "config": {"value": )" + matrix + R"(, "dtype": "float64"}})",
        R"({"class_name": "__tensor__", "config": {"value": )" + matrix + R"(, "dtype": "float32"}})",
        R"({"type": "ndarray", "value": )" + matrix + "}"}) {
    Sequential model = model_from_json(
        model_of(R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 2]}}, )" + message(value)));
    INFO(value);
    CHECK((model.get_weights()[0] == Tensor{{1.0f, 2.5f, 3.0f}, {4.0f, 5.0f, 6.0f}}));
    const std::string json = model.to_json();
    CHECK(json.find(R"("class_name":"Constant","config":{"value":{"class_name":"__numpy__","config":{"value":)"
                    R"([[1.0,2.5,3.0],[4.0,5.0,6.0]],"dtype":"float32"}}})") != std::string::npos);
    CHECK((model_from_json(json).get_weights()[0] == model.get_weights()[0]));
  }
  CHECK(message_of<FileError>([&] { layer_from(message("[[1, 2], [3]]")); }) ==
        "layer.config.kernel_initializer.config.value: [[1, 2], [3]]; expected a number or an array: lists of equal "
        "length, of at most 8 axes.");
}

TEST_CASE("A penalty of the output belongs to wrappers as well, and to no layer that lacks it") {
  const std::string l2 = R"("activity_regularizer": {"class_name": "L2", "config": {"l2": 0.25}}, )";
  const std::string lstm = R"({"class_name": "LSTM", "config": {"units": 2}})";
  for (const char* wrapper : {"Bidirectional", "TimeDistributed"}) {
    const std::string inner = wrapper == std::string("Bidirectional") ? lstm : dense("");
    const AnyLayer layer = layer_from(R"({"class_name": ")" + std::string(wrapper) + R"(", "config": {)" + l2 +
                                      R"("layer": )" + inner + "}}");
    CHECK(layer->get_config().find("activity_regularizer")->to_string() ==
          R"({"class_name": "L2", "config": {"l2": 0.25}})");
  }
  CHECK(message_of<FileError>([&] {
          layer_from(R"({"class_name": "Flatten", "config": {)" + l2 + R"("name": "f"}})");
        }) == R"(layer.config.activity_regularizer: {"class_name": "L2", "config": {"l2": 0.25}}; expected null, the )"
              "only value that xeras supports.");
}

TEST_CASE("Whatever stands in a file in place of a layer is refused") {
  const auto message = [](const std::string& json) {
    return message_of<FileError>([&] { model_from_json(json, {.dtype = "float32"}); });
  };
  const std::string wrapped = R"({"class_name": "Bidirectional", "config": {"layer": )";
  const std::string lstm = R"({"class_name": "LSTM", "config": {"units": 2}})";
  for (const std::string& wrong : {std::string("null"),
                                   std::string("7"),
                                   std::string("\"Dense\""),
                                   std::string("[]"),
                                   std::string("[[null]]"),
                                   std::string("{}"),
                                   std::string("true"),
                                   std::string(R"({"class_name": null})"),
                                   std::string(R"({"class_name": "function", "config": null})"),
                                   std::string(R"({"class_name": "function", "config": "Dense"})"),
                                   std::string(R"({"class_name": "function"})"),
                                   std::string(R"({"class_name": "__tuple__", "items": null})"),
                                   std::string(R"({"class_name": "Dense"})"),
                                   std::string(R"({"class_name": "Dense", "config": null})"),
                                   std::string(R"({"class_name": "Dense", "config": [1]})"),
                                   std::string(R"({"class_name": "__numpy__", "config": {"value": 1}})"),
                                   std::string(R"({"type": "ndarray", "value": null})"),
                                   std::string(R"({"class_name": "Sequential", "config": null})"),
                                   std::string(R"({"class_name": "InputLayer", "config": null})"),
                                   std::string(R"({"class_name": "RNN", "config": {"cell": null}})")}) {
    INFO(wrong);
    const std::string inside = R"({"class_name": "Sequential", "config": {"layers": [)" + wrong + "]}}";
    for (const std::string& json :
         {wrong, model_of(wrong), model_of(dense("") + ", " + wrong), model_of(inside),
          model_of(wrapped + wrong + "}}"), model_of(wrapped + lstm + R"(, "backward_layer": )" + wrong + "}}"),
          model_of(R"({"class_name": "TimeDistributed", "config": {"layer": )" + wrong + "}}"),
          R"({"class_name": "Functional", "config": {"layers": [)" + wrong +
              R"(], "input_layers": [["a", 0, 0]], "output_layers": [["a", 0, 0]]}})",
          R"({"class_name": "Sequential", "config": {"layers": )" + wrong + "}}",
          R"({"class_name": "Sequential", "config": )" + wrong + "}",
          R"({"class_name": "Sequential", "keras_version": "2.15.0", "config": {"layers": [)" + wrong + "]}}"}) {
      INFO(json);
      // Nothing crashes. What loads after all has nothing where a file says nothing.
      const std::string said = message(json);
      CHECK((said.starts_with("model_from_json: ") || said == "nothing was thrown"));
    }
  }
  CHECK(message(model_of("null")) == "model_from_json: layers[0]: null; expected a layer's class_name and config.");
  CHECK(message(model_of(R"({"class_name": "function", "config": null})"))
            .starts_with("model_from_json: layers[0].config: layer class \"function\" is unknown; expected"));
  CHECK(message(model_of(model_of("null"))) ==
        "model_from_json: layers[0].config.layers[0]: null; expected a layer's class_name and config.");
  CHECK(message(model_of(R"({"class_name": "TimeDistributed", "config": {"layer": null}})")) ==
        "model_from_json: layers[0].config: TimeDistributed: layer is missing; expected the layer to apply to each "
        "step. Write TimeDistributed(Dense(4)).");
}

TEST_CASE("Whatever stands in a file in place of a value is read, or refused with a FileError", "[slow]") {
  Sequential model{Embedding(9, 4, {.input_length = 3}),
                   Bidirectional(LSTM(2, {.return_sequences = true}), {.activity_regularizer = "l2"}),
                   TimeDistributed(Dense(2, {.kernel_initializer = initializers::Constant(Tensor{1.0f, 2.0f})})),
                   Sequential{Dropout(0.1, {.noise_shape = {4, 1, 2}}), Conv1D(2, 2)},
                   Flatten(),
                   Dense(1)};
  model.compile(optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), "mse", {"accuracy"});
  Value root = io::parse_json(model.to_json(), "test");
  const std::vector<Value> wrong{{},
                                 std::int64_t{7},
                                 "Dense",
                                 Value::List{Value()},
                                 Value::Dict{{"class_name", "Dense"}, {"config", {}}},
                                 Value::Dict{{"class_name", "function"}, {"config", {}}}};
  std::size_t refused = 0;
  const auto try_all = [&](Value& place, const auto& recurse) -> void {
    const Value good = place;
    for (const Value& other : wrong) {
      place = other;
      try {
        model_from_json(io::write_json(root, "test"));
      } catch (const FileError&) {
        ++refused;
      }
    }
    place = good;
    if (auto* list = place.get_if<Value::List>()) {
      for (Value& entry : *list) recurse(entry, recurse);
    } else if (auto* dict = place.get_if<Value::Dict>()) {
      for (auto& [key, entry] : *dict) recurse(entry, recurse);
    }
  };
  for (const char* version : {"3.15.1", "2.15.0"}) {
    root.get_if<Value::Dict>()->insert(root.get_if<Value::Dict>()->begin(), {"keras_version", version});
    try_all(root, try_all);
    root.get_if<Value::Dict>()->erase(root.get_if<Value::Dict>()->begin());
  }
  CHECK(refused > 1000);
}
