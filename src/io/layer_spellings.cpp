#include "io/layer_spellings.hpp"

#include <map>

#include "io/config_edit.hpp"
#include "io/functional.hpp"

namespace xeras::io {
namespace {

using Dict = Value::Dict;
using List = Value::List;

bool is_number(const Value* value, double expected) { return value != nullptr && *value == Value(expected); }

// True for the layers with which Keras 3 expresses min(max(0.2 x + 0.5, 0), 1).
bool is_keras2_hard_sigmoid(const Value& config) {
  const Value* found = config.find("layers");
  const List* layers = found != nullptr ? found->get_if<List>() : nullptr;
  if (layers == nullptr || layers->size() != 2) return false;
  const auto argument = [&](std::size_t i, const char* key) -> const Value* {
    const Value* arguments = (*layers)[i].find("config");
    return arguments != nullptr ? arguments->find(key) : nullptr;
  };
  const Value* slope = argument(1, "negative_slope");
  const Value* threshold = argument(1, "threshold");
  return class_of((*layers)[0]) == "Rescaling" && is_number(argument(0, "scale"), 0.2) &&
         is_number(argument(0, "offset"), 0.5) && class_of((*layers)[1]) == "ReLU" &&
         is_number(argument(1, "max_value"), 1.0) && (slope == nullptr || is_zero(*slope)) &&
         (threshold == nullptr || is_zero(*threshold));
}

// Replaces a layer as an activation, Dense(activation=LeakyReLU()), by the activation of that name with its arguments.
void respell_activation(Value& value, const std::string& place) {
  static const auto& activations =
      *new std::map<std::string, const char*>{{"ELU", "Elu"}, {"LeakyReLU", "LeakyRelu"}, {"ReLU", "Relu"}};
  if (const std::string* name = value.get_if<std::string>(); name != nullptr && *name == "softmax_v2") {
    value = Value("softmax");  // of tf.keras
    return;
  }
  Dict* const arguments = arguments_of(value);
  if (arguments == nullptr) return;
  const std::string class_name = class_of(value);
  if (const auto found = activations.find(class_name); found != activations.end()) {
    erase(*arguments, {"name", "trainable"});
    value = Dict{{"class_name", found->second}, {"config", *arguments}};
  } else if (class_name == "Activation") {
    const Value* inner = find(*arguments, "activation");
    value = inner != nullptr ? Value(*inner) : Value();
  } else if (class_name == "Softmax") {
    const Value* axis = find(*arguments, "axis");
    const bool is_last = axis == nullptr || *axis == Value(std::int64_t{-1}) || *axis == Value(List{std::int64_t{-1}});
    if (!is_last) refuse(place + ".config.axis", *axis, "-1, the last");
    value = Value("softmax");
  } else if (class_name == "Sequential" && is_keras2_hard_sigmoid(*value.find("config"))) {
    value = Value("keras2_hard_sigmoid");
  }
}

// Replaces RNN(LSTMCell(8)) by LSTM(8), with the arguments of both.
std::string respell_rnn(Dict& arguments, const std::string& place) {
  static const auto& layers =
      *new std::map<std::string, const char*>{{"GRUCell", "GRU"}, {"LSTMCell", "LSTM"}, {"SimpleRNNCell", "SimpleRNN"}};
  Value* const cell = find(arguments, "cell");
  Dict* const inner = cell != nullptr ? arguments_of(*cell) : nullptr;
  const auto found = layers.find(cell != nullptr ? class_of(*cell) : "");
  if (inner == nullptr || found == layers.end()) {
    refuse(place + ".cell", cell != nullptr ? *cell : Value(), "a SimpleRNNCell, LSTMCell or GRUCell");
  }
  const Dict of_cell = *inner;
  erase(arguments, {"cell"});
  for (const auto& [key, value] : of_cell) {
    if (find(arguments, key) == nullptr) arguments.emplace_back(key, value);
  }
  return found->second;
}

}  // namespace

std::string respell(const std::string& class_name, Dict& arguments, const std::string& place) {
  std::string result = class_name;
  if (class_name == "RNN") result = respell_rnn(arguments, place);
  if (is_functional(class_name)) result = "Sequential";
  for (auto& [key, value] : arguments) {
    if (class_name == "Constant" && key == "value") value = array_or_number(value);
    if (key.ends_with("activation")) respell_activation(value, place + "." + key);
    // A SeedGenerator draws seeds from one seed. The numbers differ from Keras's in any case.
    if (key == "seed" && class_of(value) == "SeedGenerator") {
      const Value* config = value.find("config");
      const Value* seed = config != nullptr ? config->find("seed") : nullptr;
      value = seed != nullptr ? Value(*seed) : Value();
    }
  }
  // Unrolling changes how Keras runs the steps, not the results.
  if (const Value* unroll = find(arguments, "unroll"); unroll != nullptr && *unroll == Value(true)) {
    set(arguments, "unroll", false);
  }
  return result;
}

Value array_or_number(const Value& numbers) {
  if (numbers.get_if<List>() == nullptr) return numbers;
  return Dict{{"class_name", "__numpy__"}, {"config", Dict{{"value", numbers}}}};
}

Value keras2_hard_sigmoid_as_layers() {
  const auto layer = [](const char* module, const char* class_name, Dict config) {
    return Dict{{"module", module}, {"class_name", class_name}, {"config", std::move(config)}, {"registered_name", {}}};
  };
  List layers{layer("keras.layers", "Rescaling", {{"name", "rescaling"}, {"scale", 0.2}, {"offset", 0.5}}),
              layer("keras.layers", "ReLU",
                    {{"name", "re_lu"}, {"max_value", 1.0}, {"negative_slope", 0.0}, {"threshold", 0.0}})};
  return layer("keras", "Sequential", {{"name", "keras2_hard_sigmoid"}, {"layers", std::move(layers)}});
}

}  // namespace xeras::io
