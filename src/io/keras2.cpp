#include "io/keras2.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "core/shown.hpp"
#include "io/config_edit.hpp"
#include "io/functional.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

using Dict = Value::Dict;
using List = Value::List;

void upgrade_layer(Value& layer, const KerasVersion& version);

// Replaces "hard_sigmoid", which had another slope in Keras 2.
void upgrade_activation(const std::string& key, Value& value, const KerasVersion& version) {
  if (!key.ends_with("activation")) return;
  if (const Value* config = value.find("config"); config != nullptr && class_of(value) == "function") {
    value = Value(*config);
  }
  if (value == Value("hard_sigmoid")) value = Value("keras2_hard_sigmoid");
  upgrade_layer(value, version);  // Dense(activation=LeakyReLU())
}

void upgrade_initializer(const std::string& key, Value& value) {
  if (!key.ends_with("_initializer") || class_of(value) != "VarianceScaling") return;
  Dict* const arguments = arguments_of(value);
  Value* const distribution = arguments != nullptr ? find(*arguments, "distribution") : nullptr;
  // Keras 2's "normal" is the truncated normal distribution.
  if (distribution != nullptr && *distribution == Value("normal")) *distribution = Value("truncated_normal");
}

// Replaces [10] by 10.
void unwrap(Value* value) {
  if (value == nullptr) return;
  if (const List* list = value->get_if<List>(); list != nullptr && list->size() == 1) *value = Value((*list)[0]);
}

// Gives a layer within Bidirectional the prefix of its direction, as Keras 3 writes it.
void add_prefix(Value& layer, const std::string& prefix) {
  Dict* const arguments = arguments_of(layer);
  Value* const name = arguments != nullptr ? find(*arguments, "name") : nullptr;
  std::string* const text = name != nullptr ? name->get_if<std::string>() : nullptr;
  if (text != nullptr && !text->starts_with(prefix)) *text = prefix + *text;
}

void upgrade_arguments(const std::string& class_name, Dict& arguments, const KerasVersion& version) {
  // The first argument selects an implementation with the same results; the InputLayer states the others.
  erase(arguments, {"implementation", "batch_input_shape", "input_dtype"});
  for (auto& [key, value] : arguments) {
    upgrade_activation(key, value, version);
    upgrade_initializer(key, value);
  }
  const bool is_gru = class_name == "GRU" || class_name == "GRUCell";
  if (is_gru && find(arguments, "reset_after") == nullptr) set(arguments, "reset_after", false);
  const bool is_recurrent = class_name.starts_with("LSTM") || class_name.starts_with("GRU");
  if (is_recurrent && find(arguments, "recurrent_activation") == nullptr) {
    set(arguments, "recurrent_activation", "keras2_hard_sigmoid");
  }
  // These belong to the base class; the layer's kernels have arguments of their own.
  if (class_name == "SeparableConv1D") {
    erase(arguments, {"kernel_initializer", "kernel_regularizer", "kernel_constraint"});
  }
  if (class_name == "LeakyReLU") rename(arguments, "alpha", "negative_slope");
  if (Value* const cell = class_name == "RNN" ? find(arguments, "cell") : nullptr) upgrade_layer(*cell, version);
  if (class_name == "Embedding") unwrap(find(arguments, "input_length"));
  if (class_name == "BatchNormalization") unwrap(find(arguments, "axis"));
  if (class_name == "Bidirectional" || class_name == "TimeDistributed") {
    for (const char* key : {"layer", "backward_layer"}) {
      Value* const inner = find(arguments, key);
      if (inner == nullptr) continue;
      upgrade_layer(*inner, version);
      if (class_name != "Bidirectional") continue;
      add_prefix(*inner, key == std::string_view("layer") ? "forward_" : "backward_");
    }
  }
}

void upgrade_sequential(Value& config, const KerasVersion& version);

void upgrade_layer(Value& layer, const KerasVersion& version) {
  Dict* const object = layer.get_if<Dict>();
  Value* const config = object != nullptr ? find(*object, "config") : nullptr;
  if (config == nullptr) return;  // the reader reports the error
  const std::string class_name = class_of(layer);
  if (class_name == "Sequential" || is_functional(class_name)) return upgrade_sequential(*config, version);
  if (Dict* arguments = config->get_if<Dict>(); arguments != nullptr && class_name != "InputLayer") {
    upgrade_arguments(class_name, *arguments, version);
  }
}

// Adds an InputLayer for the model's input, which Keras 2 describes in the first layer.
void add_input_layer(List& layers) {
  if (layers.empty() || class_of(layers.front()) == "InputLayer") return;
  const Value* config = layers.front().find("config");
  const Value* shape = config != nullptr ? config->find("batch_input_shape") : nullptr;
  if (shape == nullptr || shape->is_null()) return;
  layers.insert(layers.begin(), Dict{{"class_name", "InputLayer"}, {"config", Dict{{"batch_shape", *shape}}}});
}

void upgrade_sequential(Value& config, const KerasVersion& version) {
  if (List* list = config.get_if<List>()) config = Dict{{"layers", std::move(*list)}};  // until 2.1
  Dict* const arguments = config.get_if<Dict>();
  Value* const found = arguments != nullptr ? find(*arguments, "layers") : nullptr;
  List* const layers = found != nullptr ? found->get_if<List>() : nullptr;
  if (layers == nullptr) return;
  add_input_layer(*layers);
  for (Value& layer : *layers) upgrade_layer(layer, version);
}

}  // namespace

KerasVersion parse_version(const std::string& text, const std::string& where) {
  KerasVersion version;
  char* end = nullptr;
  version.major = static_cast<int>(std::strtol(text.c_str(), &end, 10));
  if (*end == '.') version.minor = static_cast<int>(std::strtol(end + 1, &end, 10));
  if (*end == '.') version.patch = static_cast<int>(std::strtol(end + 1, &end, 10));
  if (version.major != 2 && version.major != 3) {
    throw FileError(fmt::format("{}: keras_version is \"{}\"; expected 2.x or 3.x.", where, shown(text)));
  }
  // From 2.4 on the package "keras" is tf.keras.
  version.is_tensorflow = version.major == 3 || version.minor >= 4 || text.ends_with("-tf");
  return version;
}

Value upgrade_model(const Value& model, const KerasVersion& version) {
  Value result = model;
  Dict* const object = result.get_if<Dict>();
  if (Value* config = object != nullptr ? find(*object, "config") : nullptr) upgrade_sequential(*config, version);
  return result;
}

}  // namespace xeras::io
