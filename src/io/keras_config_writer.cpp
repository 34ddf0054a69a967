#include "io/keras_config_writer.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "io/config_edit.hpp"
#include "io/layer_spellings.hpp"
#include "layers/snake_case.hpp"
#include "models/custom_objects.hpp"
#include "models/sequential_parts.hpp"
#include "schedules/family.hpp"
#include "xeras/activations.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/core/embedding.hpp"
#include "xeras/layers/core/input_layer.hpp"
#include "xeras/layers/core/sampled_softmax.hpp"
#include "xeras/layers/core/strip_mask.hpp"
#include "xeras/layers/preprocessing/ngram_vectorization.hpp"
#include "xeras/layers/regularization/spatial_dropout1d.hpp"

namespace xeras::io {
namespace {

Value object(const char* module, std::string class_name, Value config, Value registered_name = {}) {
  return Value::Dict{{"module", module},
                     {"class_name", std::move(class_name)},
                     {"config", std::move(config)},
                     {"registered_name", std::move(registered_name)}};
}

// Returns the config in the result of to_value.
const Value& config_of(const Value& value) { return *value.find("config"); }

// Returns a name such as "tanh" if it identifies the activation. In Keras, activations with options are layers.
Value activation_to_keras(const Value& activation) {
  static const auto& as_layers =
      *new std::map<std::string, const char*>{{"Elu", "ELU"}, {"LeakyRelu", "LeakyReLU"}, {"Relu", "ReLU"}};
  if (class_of(activation) == "Keras2HardSigmoid") return keras2_hard_sigmoid_as_layers();
  const std::string name = snake_case(class_of(activation));
  try {
    if (to_value(activations::get(name)) == activation) return name;
  } catch (const InvalidArgument&) {
    // This is the user's own activation.
  }
  // Other activations with options are layers in Keras.
  if (const auto found = as_layers.find(class_of(activation)); found != as_layers.end()) {
    return object("keras.layers", found->second, config_of(activation));
  }
  return object("xeras.activations", class_of(activation), config_of(activation));
}

Value layer_to_keras(const Value& layer);

// Converts an argument of a layer. Its name tells the family of an object.
Value argument_to_keras(const std::string& key, const Value& value) {
  if (value.find("class_name") == nullptr) {
    const auto* list = value.get_if<Value::List>();
    return key == "noise_shape" && list != nullptr && list->empty() ? Value() : value;
  }
  if (key.ends_with("activation")) return activation_to_keras(value);
  const char* module = key.ends_with("_initializer")   ? "keras.initializers"
                       : key.ends_with("_regularizer") ? "keras.regularizers"
                       : key.ends_with("_constraint")  ? "keras.constraints"
                                                       : nullptr;
  if (module == nullptr) return layer_to_keras(value);
  return object(module, class_of(value), config_of(value));
}

// True for arguments that Keras lacks and that have no effect here, which are omitted. The others make Keras refuse the
// file.
bool says_nothing(const std::string& class_name, const Value& config, const std::string& key, const Value& value) {
  if (key == "input_shape" || key == "batch_input_shape") return true;  // the InputLayer states it
  if (class_name == class_name_of(typeid(layers::SpatialDropout1D)) && key == "trainable") {
    return true;  // Keras has no such argument there, and nothing to train
  }
  if (class_name != class_name_of(typeid(layers::Embedding))) return false;
  if (key == "input_length") return value.is_null();
  return (key == "dropout" || key == "seed") && *config.find("dropout") == Value(0.0);
}

// True for a layer that Keras does not have.
bool is_ours(const std::string& class_name) {
  static const auto& names =
      *new std::array{class_name_of(typeid(layers::NgramVectorization)), class_name_of(typeid(layers::SampledSoftmax)),
                      class_name_of(typeid(layers::StripMask))};
  return std::find(names.begin(), names.end(), class_name) != names.end();
}

Value layer_to_keras(const Value& layer) {
  const std::string class_name = class_of(layer);
  const Value& config = config_of(layer);
  Value::Dict arguments;
  for (const auto& [key, value] : *config.get_if<Value::Dict>()) {
    if (const auto* list = value.get_if<Value::List>(); list != nullptr && key == "layers") {
      Value::List inner;
      for (const Value& entry : *list) inner.push_back(layer_to_keras(entry));
      arguments.emplace_back(key, std::move(inner));
    } else if (!says_nothing(class_name, config, key, value)) {
      arguments.emplace_back(key, argument_to_keras(key, value));
    }
  }
  if (!is_layer_of_library(class_name)) return object("xeras", class_name, std::move(arguments), class_name);
  const bool is_model = class_name == class_name_of(typeid(Sequential));
  return object(is_ours(class_name) ? "xeras.layers"
                : is_model          ? "keras"
                                    : "keras.layers",
                class_name, std::move(arguments));
}

// Returns the type that Keras needs: floats hold ids for an Embedding, but not all integers of a lookup.
const char* dtype_of_input(const Sequential& model) {
  const Spec input = *model.first_input();
  if (input.dtype == DType::string) return "string";
  const Layer* first = model.layers().front().get();
  while (const auto* inner = dynamic_cast<const Sequential*>(first)) first = inner->layers().front().get();
  return input.dtype == DType::int32 && dynamic_cast<const layers::Embedding*>(first) == nullptr ? "int64" : "float32";
}

// Returns the InputLayer: as the user added it, as in the file that the model came from, or as Keras makes one.
Value input_layer_of(const Sequential& model) {
  const auto& state = SequentialParts::state(model);
  std::string name = "input_layer", dtype;
  if (const auto* added = dynamic_cast<const layers::InputLayer*>(state.input_layer.get())) {
    name = added->name();
    dtype = added->dtype();
  } else if (!state.input_in_file.is_null()) {
    return object("keras.layers", "InputLayer", state.input_in_file);
  }
  if (dtype.empty()) dtype = dtype_of_input(model);
  return object("keras.layers", "InputLayer", input_arguments(model.input_shape(), name, dtype));
}

Value optimizer_to_keras(const optimizers::Optimizer& optimizer) {
  Value config = optimizer.get_config();
  for (auto& [key, value] : *config.get_if<Value::Dict>()) {
    if (key != "learning_rate" || value.find("class_name") == nullptr) continue;
    const std::string schedule = class_of(value);
    value = schedules::is_schedule_of_library(schedule)
                ? object("keras.optimizers.schedules", schedule, config_of(value))
                : object("xeras", schedule, config_of(value), schedule);
  }
  return object("keras.optimizers", optimizer.class_name(), std::move(config));
}

Value metric_to_keras(const metrics::Metric& metric) {
  const std::string class_name = metric.class_name();
  if (class_name == class_name_of(typeid(metrics::FunctionMetric))) {
    return object("builtins", "function", metric.name(), "function");
  }
  if (class_name == class_name_of(typeid(metrics::Perplexity))) {
    return object("keras_hub.src.metrics.perplexity", class_name, metric.get_config(), "keras_hub>" + class_name);
  }
  return object("keras.metrics", class_name, metric.get_config());
}

Value loss_to_keras(const losses::Loss& loss) {
  if (loss.class_name() == class_name_of(typeid(losses::FunctionLoss))) {
    return object("builtins", "function", loss.name(), "function");
  }
  return object("keras.losses", loss.class_name(), loss.get_config());
}

Value metrics_to_keras(const std::vector<MetricArgument>& metrics, Spelling spelling) {
  if (metrics.empty()) return {};
  Value::List list;
  for (const MetricArgument& metric : metrics) {
    // "accuracy" is not a class, but a choice that Keras makes when it sees the data.
    const bool is_choice = metric->class_name() == class_name_of(typeid(metrics::AutomaticAccuracy));
    const bool by_name = is_choice || (spelling == Spelling::as_given && !metric.spelling().empty());
    list.push_back(by_name ? Value(metric->name()) : metric_to_keras(*metric));
  }
  return list;
}

}  // namespace

Value input_arguments(const Shape& shape, const std::string& name, const std::string& dtype) {
  return Value::Dict{{"batch_shape", to_value(shape)},
                     {"dtype", dtype},
                     {"sparse", false},
                     {"ragged", false},
                     {"name", name},
                     {"optional", false}};
}

Value model_to_keras(const Sequential& model, const Compiled* compiled) {
  Value::List layers;
  Value input;
  if (model.built()) {
    layers.push_back(input_layer_of(model));
    input = *config_of(layers.front()).find("batch_shape");
  }
  for (const AnyLayer& layer : model.layers()) layers.push_back(layer_to_keras(to_value(layer)));
  Value::Dict config{{"name", model.name().empty() ? "sequential" : model.name()},
                     {"trainable", model.trainable()},
                     {"dtype", "float32"},
                     {"layers", std::move(layers)}};
  if (!input.is_null()) config.emplace_back("build_input_shape", std::move(input));
  Value result = object("keras", "Sequential", std::move(config));
  if (compiled != nullptr) {
    result.get_if<Value::Dict>()->emplace_back("compile_config", compile_to_keras(*compiled, Spelling::as_given));
  }
  return result;
}

Value compile_to_keras(const Compiled& compiled, Spelling spelling) {
  Value loss;
  if (compiled.loss) {
    const std::string& name = compiled.loss.spelling();
    loss = !name.empty() && spelling == Spelling::as_given ? Value(name) : loss_to_keras(*compiled.loss);
  }
  return Value::Dict{{"optimizer", optimizer_to_keras(*compiled.optimizer)},
                     {"loss", std::move(loss)},
                     {"loss_weights", compiled.loss_weight != 1.0 ? Value(compiled.loss_weight) : Value()},
                     {"metrics", metrics_to_keras(compiled.metrics, spelling)},
                     {"weighted_metrics", metrics_to_keras(compiled.weighted_metrics, spelling)},
                     {"run_eagerly", false},
                     {"steps_per_execution", compiled.steps_per_execution},
                     {"jit_compile", false}};
}

}  // namespace xeras::io
