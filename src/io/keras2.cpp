#include "io/keras2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "core/shown.hpp"
#include "io/json.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

using Dict = Value::Dict;
using List = Value::List;

Value* find(Dict& dict, std::string_view key) {
  const auto found = std::find_if(dict.begin(), dict.end(), [&](const auto& entry) { return entry.first == key; });
  return found != dict.end() ? &found->second : nullptr;
}

void set(Dict& dict, const std::string& key, Value value) {
  if (Value* found = find(dict, key)) {
    *found = std::move(value);
  } else {
    dict.emplace_back(key, std::move(value));
  }
}

void rename(Dict& dict, std::string_view from, std::string_view to) {
  for (auto& [key, value] : dict) {
    if (key == from) key = to;
  }
}

void erase(Dict& dict, const std::set<std::string>& keys) {
  std::erase_if(dict, [&](const auto& entry) { return keys.contains(entry.first); });
}

std::string class_of(const Value& object) {
  const std::string* name = text_at(object, "class_name");
  return name != nullptr ? *name : std::string();
}

// The arguments of {"class_name", "config"}, or null.
Dict* arguments_of(Value& object) {
  Dict* const dict = object.get_if<Dict>();
  Value* const config = dict != nullptr ? find(*dict, "config") : nullptr;
  return config != nullptr ? config->get_if<Dict>() : nullptr;
}

// "hard_sigmoid" had another slope.
void upgrade_activation(const std::string& key, Value& value) {
  if (key.ends_with("activation") && value == Value("hard_sigmoid")) value = Value("keras2_hard_sigmoid");
}

void upgrade_initializer(const std::string& key, Value& value) {
  if (!key.ends_with("_initializer") || class_of(value) != "VarianceScaling") return;
  Dict* const arguments = arguments_of(value);
  Value* const distribution = arguments != nullptr ? find(*arguments, "distribution") : nullptr;
  // It was a truncated one by another name.
  if (distribution != nullptr && *distribution == Value("normal")) *distribution = Value("truncated_normal");
}

void upgrade_layer(Value& layer, const KerasVersion& version);

// [10] for 10.
void unwrap(Value* value) {
  if (value == nullptr) return;
  if (const List* list = value->get_if<List>(); list != nullptr && list->size() == 1) *value = Value((*list)[0]);
}

// A layer within Bidirectional is called after its direction: Keras 3 says so in the file, too.
void add_prefix(Value& layer, const std::string& prefix) {
  Dict* const arguments = arguments_of(layer);
  Value* const name = arguments != nullptr ? find(*arguments, "name") : nullptr;
  std::string* const text = name != nullptr ? name->get_if<std::string>() : nullptr;
  if (text != nullptr && !text->starts_with(prefix)) *text = prefix + *text;
}

void upgrade_arguments(const std::string& class_name, Dict& arguments, const KerasVersion& version) {
  // How a layer was computed, not what; and what the InputLayer says.
  erase(arguments, {"implementation", "batch_input_shape", "input_dtype"});
  for (auto& [key, value] : arguments) {
    upgrade_activation(key, value);
    upgrade_initializer(key, value);
  }
  if (class_name == "GRU" && find(arguments, "reset_after") == nullptr) set(arguments, "reset_after", false);
  const bool is_recurrent = class_name == "LSTM" || class_name == "GRU";
  if (is_recurrent && find(arguments, "recurrent_activation") == nullptr) {
    set(arguments, "recurrent_activation", "keras2_hard_sigmoid");
  }
  // Of the class that it derived from; its kernels have arguments of their own.
  if (class_name == "SeparableConv1D") {
    erase(arguments, {"kernel_initializer", "kernel_regularizer", "kernel_constraint"});
  }
  if (class_name == "LeakyReLU") rename(arguments, "alpha", "negative_slope");
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
  if (config == nullptr) return;  // which reading says better
  const std::string class_name = class_of(layer);
  if (class_name == "Sequential") return upgrade_sequential(*config, version);
  if (Dict* arguments = config->get_if<Dict>(); arguments != nullptr && class_name != "InputLayer") {
    upgrade_arguments(class_name, *arguments, version);
  }
}

// What the first layer says of the model's input becomes a layer of its own.
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

// Metrics are kept as functions with names: the name that compile was given is what counts.
Value upgrade_metric(const Value& metric, const std::string& place) {
  if (metric.get_if<std::string>() != nullptr || metric.is_null()) return metric;
  if (const List* list = metric.get_if<List>()) {
    List result;
    for (std::size_t i = 0; i < list->size(); ++i) {
      result.push_back(upgrade_metric((*list)[i], fmt::format("{}[{}]", place, i)));
    }
    return result;
  }
  if (class_of(metric) != "MeanMetricWrapper") return metric;
  const Value* config = metric.find("config");
  const std::string* name = config != nullptr ? text_at(*config, "name") : nullptr;
  if (name == nullptr)
    throw FileError(fmt::format("{}: {}; expected a metric's name.", place, shown(metric.to_string())));
  return Value(*name);
}

Value upgrade_optimizer(const Value& optimizer, const KerasVersion& version, const std::string& path) {
  Value result = optimizer;
  Dict* const arguments = arguments_of(result);
  if (arguments == nullptr) return result;
  rename(*arguments, "lr", "learning_rate");
  if (const Value* decay = find(*arguments, "decay")) {
    if (!(*decay == Value(0.0)) && !(*decay == Value(std::int64_t{0}))) {
      throw FileError(fmt::format("{}.config.decay: {}; expected 0, since there are no schedules.", path,
                                  shown(decay->to_string())));
    }
  }
  erase(*arguments, {"decay", "jit_compile", "is_legacy_optimizer"});
  if (Value* epsilon = find(*arguments, "epsilon"); epsilon != nullptr && epsilon->is_null()) *epsilon = 1e-7;
  // It clipped by the norm of all gradients together, before tf.keras took the name for that of one.
  if (!version.is_tensorflow) rename(*arguments, "clipnorm", "global_clipnorm");
  return result;
}

}  // namespace

KerasVersion parse_version(const std::string& text, const std::string& where) {
  KerasVersion version;
  char* end = nullptr;
  version.major = static_cast<int>(std::strtol(text.c_str(), &end, 10));
  if (*end == '.') version.minor = static_cast<int>(std::strtol(end + 1, &end, 10));
  if (version.major != 2 && version.major != 3) {
    throw FileError(fmt::format("{}: keras_version is \"{}\"; expected 2.x or 3.x.", where, shown(text)));
  }
  // From 2.4 on the package is tf.keras by another name.
  version.is_tensorflow = version.major == 3 || version.minor >= 4 || text.ends_with("-tf");
  return version;
}

Value upgrade_model(const Value& model, const KerasVersion& version) {
  Value result = model;
  Dict* const object = result.get_if<Dict>();
  if (Value* config = object != nullptr ? find(*object, "config") : nullptr) upgrade_sequential(*config, version);
  return result;
}

Value upgrade_training(const Value& training, const KerasVersion& version, const std::string& path) {
  Value result = training;
  Dict* const arguments = result.get_if<Dict>();
  if (arguments == nullptr)
    throw FileError(fmt::format("{}: {}; expected arguments.", path, shown(training.to_string())));
  rename(*arguments, "optimizer_config", "optimizer");
  if (version.major == 3) return result;
  if (Value* optimizer = find(*arguments, "optimizer")) {
    *optimizer = upgrade_optimizer(*optimizer, version, path + ".optimizer_config");
  }
  for (const char* key : {"metrics", "weighted_metrics"}) {
    if (Value* metrics = find(*arguments, key)) *metrics = upgrade_metric(*metrics, path + "." + key);
  }
  // The library sees by their shape whether weights are those of samples or of steps.
  erase(*arguments, {"sample_weight_mode"});
  return result;
}

}  // namespace xeras::io
