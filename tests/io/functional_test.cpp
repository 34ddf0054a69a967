#include "io/functional.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;

namespace {

const std::string input =
    R"({"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_shape": [null, 4]}, "inbound_nodes": []})";

std::string tensor(const std::string& name) {
  return R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "keras_history": [")" + name +
         R"(", 0, 0]}})";
}

// A layer called on that one, with these keyword arguments, as Keras 3 writes it.
std::string layer(const std::string& class_name, const std::string& name, const std::string& on,
                  const std::string& arguments = "", const std::string& keywords = "") {
  return R"(, {"class_name": ")" + class_name + R"(", "name": ")" + name + R"(", "config": {"name": ")" + name + "\"" +
         arguments + R"(}, "inbound_nodes": [{"args": [)" + on + R"(], "kwargs": {)" + keywords + "}}]}";
}

std::string dense(const std::string& name, const std::string& on) {
  return layer("Dense", name, tensor(on), R"(, "units": 4)");
}

std::string model(const std::string& layers, const std::string& last) {
  return R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": [)" + input + layers +
         R"(], "input_layers": [["in", 0, 0]], "output_layers": [[")" + last + R"(", 0, 0]]}})";
}

std::string refusal(const std::string& json) {
  return message_of<FileError>([&] { model_from_json(json); });
}

const std::string expected =
    "model_from_json: class_name: \"Functional\"; expected Sequential, or layers in a chain, each with one input. ";

}  // namespace

TEST_CASE("A graph that is a chain loads as a Sequential, in the order of the graph") {
  const Sequential chain = model_from_json(model(dense("b", "a") + dense("a", "in"), "b"));
  CHECK(chain.name() == "m");
  CHECK(chain.layers()[0]->name() == "a");
  CHECK(chain.layers()[1]->name() == "b");
  CHECK(chain.input_shape() == Shape({None, 4}));
}

TEST_CASE("A graph of Keras 2 loads, too") {
  const Sequential chain = model_from_json(
      R"({"class_name": "Model", "config": {"name": "m", "layers": [)" + input +
      R"(, {"class_name": "Dense", "name": "a", "config": {"name": "a", "units": 2}, "inbound_nodes": [[["in", 0, 0, {}]]]}], )"
      R"("input_layers": [["in", 0, 0]], "output_layers": [["a", 0, 0]]}, "keras_version": "2.2.4"})");
  CHECK(chain.count_params() == 10);
}

TEST_CASE("The mask that Keras 3 writes into a graph is the one that passes along anyway") {
  const std::string embedding =
      layer("Embedding", "e", tensor("in"), R"(, "input_dim": 5, "output_dim": 2, "mask_zero": true)");
  const auto lstm = [](const std::string& mask) {
    return layer("LSTM", "l", tensor("e"), R"(, "units": 2)", R"("training": false, "mask": )" + tensor(mask));
  };
  const std::string compare = layer("NotEqual", "not_equal", tensor("in") + ", 0");
  CHECK(model_from_json(model(embedding + compare + lstm("not_equal"), "l")).layers().size() == 2);
  const std::string other = layer("NotEqual", "not_equal", tensor("in") + ", 3");
  CHECK(refusal(model(embedding + other + lstm("not_equal"), "l")) ==
        expected + "Layer \"l\" has a mask of its own, \"not_equal\".");
}

TEST_CASE("The error for a graph that is no chain says where it branches") {
  CHECK(refusal(model(dense("a", "in") + layer("Add", "sum", tensor("a") + ", " + tensor("in")), "sum")) ==
        expected + "Layer \"sum\" (Add) has 2 inputs.");
  CHECK(refusal(model(dense("a", "in") + dense("b", "in"), "a")) ==
        expected + "Layer \"b\" (Dense) is outside the chain.");
  CHECK(refusal(model(dense("a", "b") + dense("b", "a"), "a")) ==
        expected + "Layer \"b\" is not connected to the input.");
  CHECK(refusal(model(dense("a", "nowhere"), "a")) == expected + "There is no layer \"nowhere\".");
  CHECK(refusal(model(layer("Dense", "a", tensor("in"), R"(, "units": 1)", R"("training": true)"), "a")) ==
        expected + "Layer \"a\" (Dense) is called with training = true.");
}

TEST_CASE("A graph within TimeDistributed is a chain, too") {
  const std::string inner = model(dense("a", "in"), "a");
  const Sequential outer = model_from_json(
      R"({"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "InputLayer", "config": )"
      R"({"batch_shape": [null, 3, 4]}}, {"class_name": "TimeDistributed", "config": {"name": "t", "layer": )" +
      inner + "}}]}}");
  CHECK(outer.count_params() == 20);
}
