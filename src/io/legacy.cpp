#include "io/legacy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/json.hpp"
#include "io/keras_config_writer.hpp"
#include "io/keras_files.hpp"
#include "io/optimizer_state.hpp"
#include "io/weight_places.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

const std::string& weights_group = *new std::string("model_weights");
const std::string& legacy_optimizer_group = *new std::string("optimizer_weights");
const char* const not_built = " A model that was saved before it was built has none.";

// Returns the group of the layers. In a file of weights alone, whose layers may have any name, that is the file itself.
std::string top_of(const Hdf5Reader& file) {
  return !file.texts("", "layer_names") && file.has(weights_group) ? weights_group : "";
}

// Returns an attribute at the top of a model's file or of its weights.
std::optional<std::string> text_on_top(const Hdf5Reader& file, const std::string& attribute) {
  for (const std::string& group : {std::string(), weights_group}) {
    if (!group.empty() && !file.has(group)) continue;
    if (const auto text = file.text(group, attribute)) return text;
  }
  return {};
}

std::vector<std::string> list_at(const Hdf5Reader& file, const std::string& path, const std::string& attribute) {
  std::optional<std::vector<std::string>> found = file.texts(path, attribute);
  if (!found) throw FileError(fmt::format("{}: attribute {} is missing; expected a list of names.", path, attribute));
  return std::move(*found);
}

// Writes a layer's group: one array per weight, at the place in the group that its name gives.
void write_layer(Hdf5Writer& file, const std::string& group, const std::string& model, const Node& layer) {
  file.make_group(group);
  std::vector<std::string> names;
  for (const NamedVariable& weight : legacy_order(layer)) {
    names.push_back(joined(model, weight.path));
    file.write(joined(group, names.back()), weight.variable->extents(), weight.variable->value().data());
  }
  file.set_texts(group, "weight_names", names);
}

void write_layers(Hdf5Writer& file, const std::string& group, Sequential& model) {
  std::vector<std::string> names;
  for (const Node& node : SequentialParts::state(model).nodes) {
    names.push_back(node.layer->name());
    write_layer(file, joined(group, names.back()), model.name(), node);
  }
  file.set_texts(group, "layer_names", names);
  file.set_text(group, "backend", "tensorflow");
  file.set_text(group, "keras_version", written_keras_version);
  file.make_group(joined(group, "top_level_model_weights"));
  file.set_texts(joined(group, "top_level_model_weights"), "weight_names", {});
}

// Returns a dictionary without these keys, which only whole configurations have.
Value without(const Value& object, std::initializer_list<std::string_view> keys) {
  Value::Dict result;
  for (const auto& [key, value] : *object.get_if<Value::Dict>()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) result.emplace_back(key, value);
  }
  return result;
}

}  // namespace

KerasVersion legacy_version(const Hdf5Reader& file) {
  if (const auto text = text_on_top(file, "keras_version")) return parse_version(*text, "attribute keras_version");
  throw FileError("attribute keras_version is missing; expected a file of Keras 2 or 3.");
}

Value read_legacy_config(const Hdf5Reader& file) {
  const auto config = file.text("", "model_config");
  if (!config) {
    throw FileError(
        "attribute model_config is missing; expected a whole model. A file of weights alone is for load_weights.");
  }
  return parse_json(*config, "model_config");
}

bool holds_legacy_weights(const Hdf5Reader& file) {
  const std::string top = top_of(file);
  const std::vector<std::string> layers = list_at(file, top, "layer_names");
  return std::any_of(layers.begin(), layers.end(), [&](const std::string& name) {
    return !list_at(file, joined(top, name), "weight_names").empty();
  });
}

bool has_legacy_weights(const Hdf5Reader& file) {
  return file.has(weights_group) || file.texts("", "layer_names").has_value();
}

namespace {

// A weight of the model and its place in the file.
struct FileWeight {
  Variable* variable;
  std::string layer;  // "model_weights/dense_1"
  std::string name;   // "dense_1/kernel:0", within the layer's group
};

std::vector<FileWeight> weights_in(const Hdf5Reader& file, Sequential& model) {
  const std::string top = top_of(file);
  std::vector<std::pair<std::string, std::vector<std::string>>> in_file;
  for (const std::string& name : list_at(file, top, "layer_names")) {
    std::vector<std::string> weights = list_at(file, joined(top, name), "weight_names");
    if (!weights.empty()) in_file.emplace_back(name, std::move(weights));
  }
  std::vector<const Node*> in_model;
  for (const Node& node : SequentialParts::state(model).nodes) {
    if (!node.layer->variables().empty()) in_model.push_back(&node);
  }
  if (in_file.size() != in_model.size()) {
    throw FileError(fmt::format("{} layers with weights in the file; expected {}, as the model has.{}", in_file.size(),
                                in_model.size(), in_file.empty() ? not_built : ""));
  }
  std::vector<FileWeight> result;
  for (std::size_t i = 0; i < in_model.size(); ++i) {
    auto& [name, weights] = in_file[i];
    const std::vector<NamedVariable> own = legacy_order(*in_model[i]);
    const std::string group = joined(top, name);
    if (weights.size() != own.size()) {
      throw FileError(fmt::format("{}: {} weights; expected the {} of \"{}\".", group, weights.size(), own.size(),
                                  in_model[i]->layer->name()));
    }
    for (std::size_t k = 0; k < own.size(); ++k) result.push_back({own[k].variable, group, std::move(weights[k])});
  }
  return result;
}

}  // namespace

void read_legacy_weights(const Hdf5Reader& file, Sequential& model) {
  for (const FileWeight& weight : weights_in(file, model)) {
    weight.variable->catch_up();
    file.read(joined(weight.layer, weight.name), weight.variable->extents(), weight.variable->to_write());
  }
}

void read_legacy_optimizer(const Hdf5Reader& file, Sequential& model) {
  if (!file.has(legacy_optimizer_group)) return;
  std::vector<std::string> paths;
  for (const std::string& name : list_at(file, legacy_optimizer_group, "weight_names")) {
    // In half precision, the variables of the loss scaling come before the state of the inner optimizer.
    static const auto& scaling =
        *new std::set<std::string>{"loss_scale_optimizer/iteration", "loss_scale_optimizer/learning_rate",
                                   "loss_scale_optimizer/step_counter", "loss_scale_optimizer/dynamic_scale"};
    if (!scaling.contains(name)) paths.push_back(joined(legacy_optimizer_group, name));
  }
  if (paths.empty()) return;
  // Since tf.keras 2.11, optimizers store all arrays of a weight together, as in Keras 3; their configurations have
  // keys that older ones lack. Ftrl has always done so.
  const KerasVersion version = legacy_version(file);
  const auto training = file.text("", "training_config");
  const bool is_new = version.major == 3 || (training && training->find("\"use_ema\"") != std::string::npos) ||
                      SequentialParts::state(model).compiled->optimizer->class_name() == "Ftrl";
  // Until 2.0.5, the weights of a model were trained in the order of their names.
  WeightNames names;
  if (version.major == 2 && version.minor == 0 && version.patch <= 5) {
    if (text_on_top(file, "backend") == "theano") {
      throw FileError(
          "optimizer_weights: the state of an optimizer of Keras 2.0 with Theano, whose order the file does not say; "
          "expected one with TensorFlow. With .compile = false the model loads without it.");
    }
    for (FileWeight& weight : weights_in(file, model)) names.emplace(weight.variable, std::move(weight.name));
  }
  read_optimizer_state(file, paths, is_new ? StateOrder::keras3 : StateOrder::keras2, names, model);
}

void write_legacy_weights(Hdf5Writer& file, Sequential& model) { write_layers(file, "", model); }

void write_legacy_model(Hdf5Writer& file, Sequential& model, bool with_optimizer) {
  file.set_text("", "keras_version", written_keras_version);
  file.set_text("", "backend", "tensorflow");
  file.set_text("", "model_config",
                write_json(without(model_to_keras(model, nullptr), {"module", "registered_name"}), "config"));
  file.make_group(weights_group);
  write_layers(file, weights_group, model);
  const std::optional<OptimizerFile> state = with_optimizer ? optimizer_file(model) : std::nullopt;
  if (!state) return;
  Value::Dict training;
  const Value compiled = compile_to_keras(*SequentialParts::state(model).compiled, Spelling::objects);
  for (const auto& [key, value] : *compiled.get_if<Value::Dict>()) {
    if (key == "optimizer") {
      training.emplace_back("optimizer_config", without(value, {"module", "registered_name"}));
    } else {
      training.emplace_back(key, value);
    }
  }
  file.set_text("", "training_config", write_json(training, "training_config"));
  file.make_group(legacy_optimizer_group);
  std::vector<std::string> names{joined(state->name, "iteration")};
  file.write_integer(joined(legacy_optimizer_group, names.back()), state->steps);
  if (state->learning_rate) {
    names.push_back(joined(state->name, "learning_rate"));
    file.write_number(joined(legacy_optimizer_group, names.back()), static_cast<float>(*state->learning_rate));
  }
  std::map<const Variable*, std::string> paths;
  for (const NamedVariable& weight : legacy_order(model)) {
    std::string path = weight.path;
    std::replace(path.begin(), path.end(), '/', '_');
    paths[weight.variable] = path;
  }
  for (const OptimizerFile::Array& array : state->arrays) {
    const std::string start = array.variable != nullptr ? paths[array.variable] + "_" : "";
    names.push_back(fmt::format("{}/{}{}", state->name, start, array.name));
    write_array(file, joined(legacy_optimizer_group, names.back()), array);
  }
  file.set_texts(legacy_optimizer_group, "weight_names", names);
}

}  // namespace xeras::io
