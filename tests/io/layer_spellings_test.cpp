#include "io/layer_spellings.hpp"

#include "catch.hpp"
#include "io/json.hpp"
#include "io/keras_config_reader.hpp"
#include "support/keras_json.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::testing::dense;

namespace {

AnyLayer layer_from(const std::string& json) { return io::layer_from_keras(io::parse_json(json, "test"), "layer"); }

std::string activation_of(const std::string& activation) {
  return layer_from(dense(", \"activation\": " + activation))->get_config().find("activation")->to_string();
}

}  // namespace

TEST_CASE("A layer as an activation is the activation of that name") {
  CHECK(activation_of(R"({"module": "keras.layers", "class_name": "LeakyReLU", "config": {"name": "leaky_re_lu", )"
                      R"("trainable": true, "dtype": "float32", "negative_slope": 0.25}})") ==
        R"({"class_name": "LeakyRelu", "config": {"negative_slope": 0.25}})");
  CHECK(activation_of(R"({"class_name": "ReLU", "config": {"max_value": 1.0}})").find(R"("max_value": 1)") !=
        std::string::npos);
  CHECK(activation_of(R"({"class_name": "ELU", "config": {"alpha": 0.5}})") ==
        R"({"class_name": "Elu", "config": {"alpha": 0.5}})");
  CHECK(activation_of(R"({"class_name": "Activation", "config": {"activation": "tanh"}})") ==
        R"({"class_name": "Tanh", "config": {}})");
  CHECK(activation_of(R"({"class_name": "Softmax", "config": {"axis": -1}})") ==
        R"({"class_name": "Softmax", "config": {}})");
  CHECK(activation_of(R"("softmax_v2")") == R"({"class_name": "Softmax", "config": {}})");  // tf.keras 2.3
  CHECK(message_of<FileError>([] { activation_of(R"({"class_name": "Softmax", "config": {"axis": 1}})"); }) ==
        "layer.config.activation.config.axis: 1; expected -1, the last.");
}

TEST_CASE("RNN of a cell is the layer of that cell, with the arguments of both") {
  const AnyLayer layer = layer_from(
      R"({"class_name": "RNN", "config": {"name": "rnn", "return_sequences": true, "cell": {"class_name": "LSTMCell", )"
      R"("config": {"name": "lstm_cell", "units": 3, "recurrent_activation": "hard_sigmoid"}}}})");
  CHECK(layer->class_name() == "LSTM");
  CHECK(layer->name() == "rnn");
  const Value config = layer->get_config();
  CHECK(config.find("units")->to_string() == "3");
  CHECK(config.find("return_sequences")->to_string() == "true");
  CHECK(config.find("recurrent_activation")->to_string().find("HardSigmoid") != std::string::npos);
  CHECK(message_of<FileError>([] {
          layer_from(R"({"class_name": "RNN", "config": {"cell": {"class_name": "StackedRNNCells", "config": {}}}})");
        }) ==
        "layer.config.cell: {\"class_name\": \"StackedRNNCells\", \"config\": {}}; expected a SimpleRNNCell, "
        "LSTMCell or GRUCell.");
}

TEST_CASE("unroll in a file is taken, since the numbers are the same") {
  CHECK(layer_from(R"({"class_name": "GRU", "config": {"units": 2, "unroll": true}})")
            ->get_config()
            .find("unroll")
            ->to_string() == "false");
}

TEST_CASE("A generator as an initializer's seed is its seed") {
  const AnyLayer layer = layer_from(
      dense(R"(, "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": {"module": "keras.random", )"
            R"("class_name": "SeedGenerator", "config": {"seed": 3, "name": "seed_generator"}}}})"));
  CHECK(layer->get_config().find("kernel_initializer")->to_string() ==
        R"({"class_name": "GlorotUniform", "config": {"seed": 3}})");
}
