#include "io/keras_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "layers/snake_case.hpp"
#include "models/custom_layers.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/activations.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/core/embedding.hpp"
#include "xeras/layers/core/strip_mask.hpp"
#include "xeras/layers/regularization/spatial_dropout1d.hpp"

namespace xeras::io {
namespace {

// What Keras writes and the library may not have, and the one value that means the same as not having it.
const std::map<std::string, Value>& dropped() {
  static const std::map<std::string, Value> table{
      {"activity_regularizer", {}},
      {"auto_scale_loss", true},
      {"data_format", "channels_last"},
      {"groups", std::int64_t{1}},
      {"input_axes", {}},
      {"noise_shape", {}},
      {"output_axes", {}},
      {"quantization_config", {}},
      {"renorm", false},
      {"renorm_clipping", {}},
      {"renorm_momentum", 0.99},
      {"return_state", false},
      {"seed", {}},
      {"synchronized", false},
      {"unroll", false},
  };
  return table;
}

const std::string* text_at(const Value& dict, std::string_view key) {
  const Value* found = dict.find(key);
  return found != nullptr ? found->get_if<std::string>() : nullptr;
}

[[noreturn]] void refuse(const std::string& place, const Value& value, const std::string& expected) {
  std::string text = value.to_string();
  if (text.size() > 80) text = text.substr(0, 77) + "...";
  throw FileError(fmt::format("{}: {}; expected {}.", place, text, expected));
}

// "float32", or a policy of that name; ids may also be integers.
void check_dtype(const Value& dtype, const std::string& place) {
  const Value* config = dtype.find("config");
  const std::string* name = config != nullptr ? text_at(*config, "name") : dtype.get_if<std::string>();
  static const std::set<std::string> known{"float32", "int32", "int64"};
  if (!dtype.is_null() && (name == nullptr || !known.contains(*name))) {
    refuse(place, dtype, "float32, the precision that xeras has");
  }
}

// "Scale", of a class that was registered as "package>Scale".
std::string bare_class_name(const std::string& name) { return name.substr(name.rfind('>') + 1); }

bool is_input_layer(const Value& layer) {
  const std::string* class_name = text_at(layer, "class_name");
  return class_name != nullptr && *class_name == "InputLayer";
}

Value plain(const Value& from, const std::string& path);

Value plain_dict(const Value::Dict& from, const std::string& path) {
  Value::Dict dict;
  for (const auto& [key, entry] : from) {
    const std::string place = path + "." + key;
    if (key == "dtype") {
      check_dtype(entry, place);
    } else if (key != "build_input_shape") {
      dict.emplace_back(key, plain(entry, place));
    }
  }
  return dict;
}

// Bidirectional makes the layers within zero_output_for_mask where they return sequences, whatever they said before.
void zero_masked_output(Value& layer) {
  auto* const object = layer.get_if<Value::Dict>();
  if (object == nullptr) return;
  for (auto& [key, config] : *object) {
    auto* const arguments = config.get_if<Value::Dict>();
    if (key != "config" || arguments == nullptr) continue;
    const Value* const sequences = config.find("return_sequences");
    for (auto& [name, value] : *arguments) {
      if (name == "zero_output_for_mask" && sequences != nullptr) value = *sequences;
    }
  }
}

// {"class_name", "config"} alone: without the module and what says where and how large the object once was.
Value plain_object(const Value& from, const std::string& class_name, const std::string& path) {
  static const std::set<std::string> bookkeeping{"module", "registered_name", "build_config",
                                                 "name",   "compile_config",  "shared_object_id"};
  for (const auto& [key, entry] : *from.get_if<Value::Dict>()) {
    if (key != "class_name" && key != "config" && !bookkeeping.contains(key)) {
      refuse(path + "." + key, entry, "what Keras writes");
    }
  }
  const Value* config = from.find("config");
  if (class_name == "function") return config != nullptr ? *config : Value();
  Value::Dict plain_config;
  if (const auto* dict = config != nullptr ? config->get_if<Value::Dict>() : nullptr) {
    plain_config = *plain_dict(*dict, path + ".config").get_if<Value::Dict>();
  } else if (config != nullptr && !config->is_null()) {
    refuse(path + ".config", *config, "arguments by name");
  }
  if (class_name == "Bidirectional") {
    for (auto& [key, entry] : plain_config) zero_masked_output(entry);
  }
  return Value::Dict{{"class_name", bare_class_name(class_name)}, {"config", std::move(plain_config)}};
}

// A configuration of Keras in the library's words: what to_value of the object itself would give, perhaps with less.
Value plain(const Value& from, const std::string& path) {
  if (const auto* list = from.get_if<Value::List>()) {
    Value::List result;
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (is_input_layer((*list)[i])) continue;  // of a nested model: the one around it knows the shape
      result.push_back(plain((*list)[i], fmt::format("{}[{}]", path, i)));
    }
    return result;
  }
  const auto* dict = from.get_if<Value::Dict>();
  if (dict == nullptr) return from;
  const std::string* class_name = text_at(from, "class_name");
  if (class_name == nullptr) return plain_dict(*dict, path);
  if (const Value* items = from.find("items"); items != nullptr && *class_name == "__tuple__")
    return plain(*items, path);
  return plain_object(from, *class_name, path);
}

// Every key that was given must be one of the object that it made, with the same value; or the library lacks it, and it
// holds what means the same.
void check_taken(const Value& given, const Value& taken, const std::string& path) {
  const auto* dict = given.get_if<Value::Dict>();
  const auto* list = given.get_if<Value::List>();
  const auto* taken_list = taken.get_if<Value::List>();
  if (dict != nullptr && taken.get_if<Value::Dict>() != nullptr) {
    for (const auto& [key, entry] : *dict) {
      const std::string place = path + "." + key;
      if (const Value* found = taken.find(key)) {
        check_taken(entry, *found, place);
        continue;
      }
      const auto without = dropped().find(key);
      if (without == dropped().end() || !(without->second == entry)) {
        refuse(place, entry,
               without == dropped().end() ? "an argument that the class has here"
                                          : fmt::format("{}, all that xeras has", without->second.to_string()));
      }
    }
  } else if (list != nullptr && taken_list != nullptr && list->size() == taken_list->size()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      check_taken((*list)[i], (*taken_list)[i], fmt::format("{}[{}]", path, i));
    }
  } else if (list != nullptr && list->size() == 1 && taken_list == nullptr) {
    check_taken(list->front(), taken, path + "[0]");  // one axis is as good as a list of it
  } else if (given.is_null() && taken_list != nullptr && taken_list->empty()) {
    // A shape that is not given has no axes.
  } else if (given.get_if<std::string>() != nullptr && taken.find("class_name") != nullptr) {
    // A name has made the object.
  } else if (const auto* whole = given.get_if<std::int64_t>(), *number = taken.get_if<std::int64_t>();
             !(given == taken) && !(whole != nullptr && number == nullptr && taken.get_if<double>() != nullptr &&
                                    static_cast<double>(*whole) == *taken.get_if<double>())) {
    refuse(path, given, fmt::format("{}, which is what it became", taken.to_string()));
  }
}

// ---- Writing ----

Value object(const char* module, std::string class_name, Value config, Value registered_name = {}) {
  return Value::Dict{{"module", module},
                     {"class_name", std::move(class_name)},
                     {"config", std::move(config)},
                     {"registered_name", std::move(registered_name)}};
}

const std::string& class_of(const Value& value) { return *text_at(value, "class_name"); }
const Value& config_of(const Value& value) { return *value.find("config"); }

// "tanh" where that names it; Keras has activations with options by no other way.
Value activation_to_keras(const Value& activation) {
  const std::string name = snake_case(class_of(activation));
  try {
    if (to_value(activations::get(name)) == activation) return name;
  } catch (const InvalidArgument&) {
    // One of the user's own.
  }
  return object("xeras.activations", class_of(activation), config_of(activation));
}

Value layer_to_keras(const Value& layer);

// An argument of a layer. Its name says of which family an object is.
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

// Arguments that Keras lacks are left out where they say nothing, and make Keras refuse the file where they do.
bool says_nothing(const std::string& class_name, const Value& config, const std::string& key, const Value& value) {
  if (key == "input_shape" || key == "batch_input_shape") return true;  // the InputLayer says it
  if (class_name == class_name_of(typeid(layers::SpatialDropout1D)) && key == "trainable") {
    return true;  // Keras takes no such argument there, and there is nothing to train
  }
  if (class_name != class_name_of(typeid(layers::Embedding))) return false;
  if (key == "input_length") return value.is_null();
  return (key == "dropout" || key == "seed") && *config.find("dropout") == Value(0.0);
}

Value layer_to_keras(const Value& layer) {
  const std::string& class_name = class_of(layer);
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
  const bool is_ours = class_name == class_name_of(typeid(layers::StripMask));
  const bool is_model = class_name == class_name_of(typeid(Sequential));
  return object(is_ours ? "xeras.layers" : is_model ? "keras" : "keras.layers", class_name, std::move(arguments));
}

Value input_arguments(const Shape& shape, const char* name, const char* dtype) {
  return Value::Dict{{"batch_shape", to_value(shape)},
                     {"dtype", dtype},
                     {"sparse", false},
                     {"ragged", false},
                     {"name", name},
                     {"optional", false}};
}

// As in the file that the model came from, or as Keras makes one itself.
Value input_layer_of(const Sequential& model) {
  const Value& from_file = SequentialParts::state(model).input_layer;
  return object("keras.layers", "InputLayer",
                from_file.is_null() ? input_arguments(model.input_shape(), "input_layer", "float32") : from_file);
}

// What reading calls to make an object, with the place in the file where that fails.
template <class Make>
auto at_place(const std::string& place, const Make& make) {
  try {
    return make();
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    throw FileError(fmt::format("{}: {}", place, error.what()));
  }
}

template <class Family>
Named<Family> named_from_keras(const Value& value, const std::string& place) {
  const Value own = plain(value, place);
  Named<Family> result;
  at_place(place, [&] {
    from_value(own, result, place);
    return 0;
  });
  if (own.get_if<std::string>() == nullptr) check_taken(own, to_value(result), place);
  return result;
}

std::vector<MetricArgument> metrics_from_keras(const Value* value, const std::string& place) {
  std::vector<MetricArgument> metrics;
  if (value == nullptr || value->is_null()) return metrics;
  const Value::List* list = &list_in(*value, place);
  std::string inside = place;
  // A list for each output, of which there is one.
  if (list->size() == 1 && list->front().get_if<Value::List>() != nullptr) {
    inside += "[0]";
    list = list->front().get_if<Value::List>();
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    metrics.push_back(named_from_keras<metrics::Metric>((*list)[i], fmt::format("{}[{}]", inside, i)));
  }
  return metrics;
}

Value metrics_to_keras(const std::vector<MetricArgument>& metrics, Spelling spelling) {
  if (metrics.empty()) return {};
  Value::List list;
  for (const MetricArgument& metric : metrics) {
    // "accuracy" is no class, but a choice that Keras makes when it sees the data.
    const bool is_choice = metric->class_name() == class_name_of(typeid(metrics::AutomaticAccuracy));
    const bool by_name = is_choice || (spelling == Spelling::as_given && !metric.spelling().empty());
    list.push_back(by_name ? Value(metric->name())
                           : object("keras.metrics", metric->class_name(), metric->get_config()));
  }
  return list;
}

}  // namespace

AnyLayer layer_from_keras(const Value& value, const std::string& path) {
  const Value own = plain(value, path);
  AnyLayer layer;
  from_value(own, layer, path);
  check_taken(own, to_value(layer), path);
  return layer;
}

SavedModel model_from_keras(const Value& root, const std::string& path) {
  const std::string* class_name = text_at(root, "class_name");
  if (class_name == nullptr || *class_name != "Sequential") {
    refuse(path + "class_name", class_name != nullptr ? Value(*class_name) : Value(),
           "\"Sequential\", the only kind of model that xeras has");
  }
  const Value* config = root.find("config");
  const Value* list = config != nullptr ? config->find("layers") : nullptr;
  if (list == nullptr) refuse(path + "config", config != nullptr ? *config : Value(), "a name and layers");
  SequentialOptions options;
  for (const auto& [key, entry] : *config->get_if<Value::Dict>()) {
    const std::string place = path + "config." + key;
    if (key == "dtype")
      check_dtype(entry, place);
    else if (key == "name")
      from_value(entry, options.name, place);
    else if (key == "trainable")
      from_value(entry, options.trainable, place);
    else if (key != "layers" && key != "build_input_shape")
      refuse(place, entry, "an argument that Sequential has");
  }
  SavedModel saved{Sequential(std::move(options)), {}};
  if (const Value* shape = config->find("build_input_shape")) {
    from_value(*shape, saved.input, path + "config.build_input_shape");
  }
  const Value::List& layers = list_in(*list, path + "layers");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string place = fmt::format("{}layers[{}]", path, i);
    if (is_input_layer(layers[i]) && i == 0) {
      const Value* input = layers[i].find("config");
      if (input == nullptr) refuse(place, layers[i], "the arguments of an InputLayer");
      for (const char* key : {"batch_shape", "batch_input_shape"}) {
        if (const Value* shape = input->find(key)) from_value(*shape, saved.input, place + ".config." + key);
      }
      if (const Value* dtype = input->find("dtype")) check_dtype(*dtype, place + ".config.dtype");
      const std::string *name = text_at(*input, "name"), *dtype = text_at(*input, "dtype");
      saved.input_layer = input_arguments(saved.input, name != nullptr ? name->c_str() : "input_layer",
                                          dtype != nullptr ? dtype->c_str() : "float32");
      continue;
    }
    at_place(place, [&] {
      SequentialParts::append(saved.model, layer_from_keras(layers[i], place));
      return 0;
    });
  }
  if (saved.input.rank() > Extents::max_rank) refuse(path + "input", to_value(saved.input), "at most 8 axes");
  if (const Value* compile = root.find("compile_config")) saved.compile = *compile;
  return saved;
}

Value model_to_keras(const Sequential& model) {
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
  return object("keras", "Sequential", std::move(config));
}

CompileArguments compile_from_keras(const Value& config, const std::string& path) {
  // How Keras runs a model, not what it computes.
  static const std::set<std::string> ways_to_run{"run_eagerly", "steps_per_execution", "jit_compile",
                                                 "auto_scale_loss"};
  for (const auto& [key, entry] : *config.get_if<Value::Dict>()) {
    static const std::set<std::string> known{"optimizer", "loss", "metrics", "weighted_metrics"};
    const bool is_unset = key == "loss_weights" && entry.is_null();
    if (!known.contains(key) && !ways_to_run.contains(key) && !is_unset) {
      refuse(path + "." + key, entry, "an argument of compile that xeras has");
    }
  }
  CompileArguments arguments;
  const Value* optimizer = config.find("optimizer");
  if (optimizer == nullptr || optimizer->is_null()) refuse(path + ".optimizer", {}, "an optimizer");
  arguments.optimizer = named_from_keras<optimizers::Optimizer>(*optimizer, path + ".optimizer");
  if (const Value* loss = config.find("loss"); loss != nullptr && !loss->is_null()) {
    const auto* list = loss->get_if<Value::List>();
    const bool is_one = list != nullptr && list->size() == 1;
    arguments.loss = named_from_keras<losses::Loss>(is_one ? list->front() : *loss, path + ".loss");
  }
  arguments.metrics = metrics_from_keras(config.find("metrics"), path + ".metrics");
  arguments.weighted_metrics = metrics_from_keras(config.find("weighted_metrics"), path + ".weighted_metrics");
  return arguments;
}

Value compile_to_keras(const CompileArguments& compiled, Spelling spelling) {
  Value loss;
  if (compiled.loss) {
    const std::string& name = compiled.loss.spelling();
    loss = !name.empty() && spelling == Spelling::as_given
               ? Value(name)
               : object("keras.losses", compiled.loss->class_name(), compiled.loss->get_config());
  }
  return Value::Dict{
      {"optimizer", object("keras.optimizers", compiled.optimizer->class_name(), compiled.optimizer->get_config())},
      {"loss", std::move(loss)},
      {"loss_weights", Value()},
      {"metrics", metrics_to_keras(compiled.metrics, spelling)},
      {"weighted_metrics", metrics_to_keras(compiled.weighted_metrics, spelling)},
      {"run_eagerly", false},
      {"steps_per_execution", std::int64_t{1}},
      {"jit_compile", false}};
}

}  // namespace xeras::io
