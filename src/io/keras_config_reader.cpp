#include "io/keras_config_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/json.hpp"
#include "io/keras_config_writer.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// What Keras writes and the library may not have, and the one value that means the same as not having it.
const std::map<std::string, Value>& dropped() {
  static const auto& table = *new std::map<std::string, Value>{
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
      {"time_major", false},
      {"unroll", false},
  };
  return table;
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
  static const auto& known = *new std::set<std::string>{"float32", "int32", "int64"};
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
  static const auto& bookkeeping = *new std::set<std::string>{"module", "registered_name", "build_config",
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

void read_input_layer(const Value& layer, const std::string& place, SavedModel& saved) {
  const Value* input = layer.find("config");
  const auto* arguments = input != nullptr ? input->get_if<Value::Dict>() : nullptr;
  if (arguments == nullptr) refuse(place, layer, "the arguments of an InputLayer");
  std::string name = "input_layer", dtype = "float32";
  for (const auto& [key, entry] : *arguments) {
    const std::string inside = place + ".config." + key;
    if (key == "batch_shape" || key == "batch_input_shape") {
      from_value(entry, saved.input, inside);
    } else if (key == "dtype") {
      check_dtype(entry, inside);
      if (const auto* text = entry.get_if<std::string>()) dtype = *text;
    } else if (key == "name") {
      from_value(entry, name, inside);
    } else if (key == "sparse" || key == "ragged" || key == "optional") {
      if (!(entry == Value(false))) refuse(inside, entry, "false, all that xeras has");
    } else if (key != "trainable") {
      refuse(inside, entry, "an argument that InputLayer has");
    }
  }
  saved.input_layer = input_arguments(saved.input, name, dtype);
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
  static const auto& known = *new std::set<std::string>{"module",           "class_name",    "config",
                                                        "registered_name",  "build_config",  "compile_config",
                                                        "shared_object_id", "keras_version", "backend"};
  for (const auto& [key, entry] : *root.get_if<Value::Dict>()) {
    if (!known.contains(key)) refuse(path + key, entry, "what Keras writes");
  }
  const Value* config = root.find("config");
  const Value* list = config != nullptr ? config->find("layers") : nullptr;
  if (list == nullptr) refuse(path + "config", config != nullptr ? *config : Value(), "a name and layers");
  SequentialOptions options;
  for (const auto& [key, entry] : *config->get_if<Value::Dict>()) {
    const std::string place = path + "config." + key;
    if (key == "dtype") {
      check_dtype(entry, place);
    } else if (key == "name") {
      from_value(entry, options.name, place);
    } else if (key == "trainable") {
      from_value(entry, options.trainable, place);
    } else if (key != "layers" && key != "build_input_shape") {
      refuse(place, entry, "an argument that Sequential has");
    }
  }
  SavedModel saved{Sequential(std::move(options)), {}};
  if (const Value* shape = config->find("build_input_shape")) {
    from_value(*shape, saved.input, path + "config.build_input_shape");
  }
  const Value::List& layers = list_in(*list, path + "layers");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string place = fmt::format("{}layers[{}]", path, i);
    if (is_input_layer(layers[i]) && i == 0) {
      read_input_layer(layers[i], place, saved);
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

Compiled compile_from_keras(const Value& config, const std::string& path) {
  // How Keras runs a model, not what it computes.
  static const auto& ways_to_run =
      *new std::set<std::string>{"run_eagerly", "steps_per_execution", "jit_compile", "auto_scale_loss"};
  for (const auto& [key, entry] : *config.get_if<Value::Dict>()) {
    static const auto& known = *new std::set<std::string>{"optimizer", "loss", "metrics", "weighted_metrics"};
    const bool is_unset = key == "loss_weights" && entry.is_null();
    if (!known.contains(key) && !ways_to_run.contains(key) && !is_unset) {
      refuse(path + "." + key, entry, "an argument of compile that xeras has");
    }
  }
  const Value* value = config.find("optimizer");
  if (value == nullptr || value->is_null()) refuse(path + ".optimizer", {}, "an optimizer");
  OptimizerArgument optimizer = named_from_keras<optimizers::Optimizer>(*value, path + ".optimizer");
  LossArgument loss;
  if (value = config.find("loss"); value != nullptr && !value->is_null()) {
    const auto* list = value->get_if<Value::List>();
    const bool is_one = list != nullptr && list->size() == 1;
    loss = named_from_keras<losses::Loss>(is_one ? list->front() : *value, path + ".loss");
  }
  return compile(std::move(optimizer), std::move(loss), metrics_from_keras(config.find("metrics"), path + ".metrics"),
                 {.weighted_metrics = metrics_from_keras(config.find("weighted_metrics"), path + ".weighted_metrics")});
}

}  // namespace xeras::io
