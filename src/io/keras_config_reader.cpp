#include "io/keras_config_reader.hpp"

#include <fmt/format.h>

#include <set>

#include "io/class_names.hpp"
#include "io/config_edit.hpp"
#include "io/dtype_policy.hpp"
#include "io/functional.hpp"
#include "io/json.hpp"
#include "io/keras_config_writer.hpp"
#include "io/plain_config.hpp"
#include "models/custom_objects.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// Throws FileError for a class that the library lacks, before anything reads its arguments.
void require_layer_classes(const Value& layer, const std::string& path) {
  const std::string class_name = current_class_name(class_of(layer));
  const bool is_respelt = class_name == "RNN" || is_functional(class_name);
  const std::string place = path + ".config";
  if (!class_name.empty() && !is_respelt) require_layer_class(class_name, place);
  const Value* config = layer.find("config");
  const auto* arguments = config != nullptr ? config->get_if<Value::Dict>() : nullptr;
  if (arguments == nullptr) return;
  for (const auto& [key, value] : *arguments) {
    if (key == "layer" || key == "backward_layer") require_layer_classes(value, fmt::format("{}.{}", place, key));
    const auto* list = key == "layers" ? value.get_if<Value::List>() : nullptr;
    for (std::size_t i = 0, at = 0; list != nullptr && i < list->size(); ++i) {
      if (!is_input_layer((*list)[i])) require_layer_classes((*list)[i], fmt::format("{}.layers[{}]", place, at++));
    }
  }
}

// Records the file's names for the classes of a layer and its nested layers if they differ from the library's, because
// the groups of weights are named after them.
void note_classes(const Value& value, Layer& layer, FileClasses& classes) {
  const std::string name = class_of(value);
  const std::string bare = name.substr(name.rfind('>') + 1);
  if (!bare.empty() && bare != layer.class_name()) classes.emplace(&layer, bare);
  const Value* config = value.find("config");
  if (config == nullptr) return;
  std::vector<const Value*> inner;
  for (const char* key : {"layer", "backward_layer"}) {
    if (const Value* found = config->find(key)) inner.push_back(found);
  }
  const Value* layers = config->find("layers");
  const auto* list = layers != nullptr ? layers->get_if<Value::List>() : nullptr;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if (!is_input_layer((*list)[i])) inner.push_back(&(*list)[i]);
  }
  for (std::size_t i = 0; i < std::min(inner.size(), layer.children().size()); ++i) {
    note_classes(*inner[i], *layer.children()[i], classes);
  }
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
      if (!(entry == Value("string"))) check_dtype(entry, inside);
      if (const auto* text = entry.get_if<std::string>()) dtype = *text;
    } else if (key == "name") {
      from_value(entry, name, inside);
    } else if (key == "sparse" || key == "ragged" || key == "optional") {
      if (!(entry == Value(false))) refuse(inside, entry, "false, the only value that xeras supports");
    } else if (key != "trainable") {
      refuse(inside, entry, "an argument of InputLayer");
    }
  }
  saved.input_layer = input_arguments(saved.input, name, dtype);
}

}  // namespace

AnyLayer layer_from_keras(const Value& value, const std::string& path) {
  require_layer_classes(value, path);
  const Value own = plain(value, path);
  if (own.is_null()) refuse(path, own, "a layer's class_name and config");
  AnyLayer layer;
  from_value(own, layer, path);
  check_taken(own, to_value(layer), path);
  return layer;
}

SavedModel model_from_keras(const Value& root, const std::string& path) {
  const std::string class_name = class_of(root);
  if (class_name != "Sequential" && !is_functional(class_name)) {
    refuse(path + "class_name", class_name.empty() ? Value() : Value(class_name),
           "Sequential, or layers in a chain, each with one input");
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
      refuse(place, entry, "an argument of Sequential");
    }
  }
  SavedModel saved{Sequential(std::move(options)), {}};
  if (const Value* shape = config->find("build_input_shape")) {
    from_value(*shape, saved.input, path + "config.build_input_shape");
  }
  const Value::List& layers = list_in(*list, path + "layers");
  for (const Value& layer : layers) {
    if (is_input_layer(layer) && saved.model.layers().empty()) {
      read_input_layer(layer, path + "InputLayer", saved);
      continue;
    }
    const std::string place = fmt::format("{}layers[{}]", path, saved.model.layers().size());
    at_place(place, [&] {
      SequentialParts::append(saved.model, layer_from_keras(layer, place));
      return 0;
    });
    note_classes(layer, *saved.model.layers().back(), saved.classes);
  }
  if (saved.input.rank() > Extents::max_rank) refuse(path + "input", to_value(saved.input), "at most 8 axes");
  if (const Value* compile = root.find("compile_config")) saved.compile = *compile;
  return saved;
}

}  // namespace xeras::io
