#include "io/functional.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "io/config_edit.hpp"
#include "io/json.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

using Dict = Value::Dict;
using List = Value::List;

[[noreturn]] void refuse_graph(const std::string& path, const Value& model, const std::string& why) {
  throw FileError(
      fmt::format("{}class_name: \"{}\"; expected Sequential, or layers in a chain, each with one input. {}", path,
                  class_of(model), why));
}

// The inputs of a layer's call: the names of the layers whose outputs are its arguments, and the other arguments.
struct Inputs {
  std::vector<std::string> tensors;
  Dict options;
};

const std::string* source_of(const Value& tensor) {
  const Value* config = class_of(tensor) == "__keras_tensor__" ? tensor.find("config") : nullptr;
  const Value* history = config != nullptr ? config->find("keras_history") : nullptr;
  const List* list = history != nullptr ? history->get_if<List>() : nullptr;
  return list != nullptr && !list->empty() ? list->front().get_if<std::string>() : nullptr;
}

void add_options(const Value* options, Inputs& inputs) {
  const Dict* dict = options != nullptr ? options->get_if<Dict>() : nullptr;
  if (dict != nullptr) inputs.options.insert(inputs.options.end(), dict->begin(), dict->end());
}

// Returns the inputs of one call: {"args": [tensor], "kwargs": {}} in Keras 3, [["name", 0, 0, {}]] in Keras 2.
std::optional<Inputs> inputs_of_call(const Value& call) {
  Inputs inputs;
  if (const Value* arguments = call.find("args")) {
    const List* list = arguments->get_if<List>();
    if (list == nullptr) return {};
    for (const Value& argument : *list) {
      const std::string* source = source_of(argument);
      if (source == nullptr) return {};
      inputs.tensors.push_back(*source);
    }
    add_options(call.find("kwargs"), inputs);
    return inputs;
  }
  const List* tensors = call.get_if<List>();
  if (tensors == nullptr) return {};
  const bool is_flat = !tensors->empty() && tensors->front().get_if<std::string>() != nullptr;
  const List one = is_flat ? List{call} : List();
  for (const Value& tensor : is_flat ? one : *tensors) {
    const List* history = tensor.get_if<List>();
    if (history == nullptr || history->empty()) return {};
    const std::string* source = history->front().get_if<std::string>();
    if (source == nullptr) return {};
    inputs.tensors.push_back(*source);
    if (history->size() > 3) add_options(&(*history)[3], inputs);
  }
  return inputs;
}

struct Graph {
  std::map<std::string, const Value*> layers;  // by name
  const Value& model;
  const std::string& path;

  const Value& layer(const std::string& name) const {
    const auto found = layers.find(name);
    if (found == layers.end()) refuse_graph(path, model, fmt::format("There is no layer \"{}\".", name));
    return *found->second;
  }

  // True for the operations with which Keras 3 computes a mask.
  bool is_mask(const std::string& name) const {
    const auto found = layers.find(name);
    const std::string class_name = found != layers.end() ? class_of(*found->second) : std::string();
    return class_name == "NotEqual" || class_name == "Any";
  }

  // True when such an operation computes the mask that the layer `maker` makes of its input anyway: `ids != 0` for an
  // Embedding, `any(x != mask_value)` for a Masking.
  bool is_mask_of(const std::string& operation, const std::string& maker) const {
    const Value& layer = this->layer(maker);
    const Value* arguments = layer.find("config");
    const bool is_masking = class_of(layer) == "Masking";
    const Value* value = is_masking && arguments != nullptr ? arguments->find("mask_value") : nullptr;
    const auto of_call = [&](const std::string& name) -> const List* {
      const Value* nodes = this->layer(name).find("inbound_nodes");
      const List* calls = nodes != nullptr ? nodes->get_if<List>() : nullptr;
      const Value* found = calls != nullptr && calls->size() == 1 ? calls->front().find("args") : nullptr;
      return found != nullptr ? found->get_if<List>() : nullptr;
    };
    std::string comparison = operation;
    if (is_masking) {
      const Value* config = this->layer(operation).find("config");
      const Value* axis = config != nullptr ? config->find("axis") : nullptr;
      const List* of_any = of_call(operation);
      const std::string* source = of_any != nullptr && of_any->size() == 1 ? source_of(of_any->front()) : nullptr;
      const bool is_any = class_of(this->layer(operation)) == "Any" && axis != nullptr &&
                          (*axis == Value(std::int64_t{-1}) || *axis == Value(List{std::int64_t{-1}}));
      if (source == nullptr || !is_any || !is_mask(*source)) return false;
      comparison = *source;
    }
    const List* compared = of_call(comparison);
    if (class_of(this->layer(comparison)) != "NotEqual" || compared == nullptr || compared->size() != 2) return false;
    const std::string* source = source_of(compared->front());
    return source != nullptr && inputs_of(maker).tensors == std::vector<std::string>{*source} &&
           (value != nullptr ? *value == compared->back() : is_zero(compared->back()));
  }

  Inputs inputs_of(const std::string& name) const {
    const Value* calls = layer(name).find("inbound_nodes");
    const List* list = calls != nullptr ? calls->get_if<List>() : nullptr;
    if (list == nullptr || list->empty()) return {};
    const auto text = [&] { return fmt::format("\"{}\" ({})", name, class_of(layer(name))); };
    if (list->size() > 1) refuse_graph(path, model, fmt::format("Layer {} is called {} times.", text(), list->size()));
    std::optional<Inputs> inputs = inputs_of_call(list->front());
    if (!inputs || inputs->tensors.size() != 1) {
      refuse_graph(path, model,
                   inputs ? fmt::format("Layer {} has {} inputs.", text(), inputs->tensors.size())
                          : fmt::format("Layer {} has inputs other than layers.", text()));
    }
    for (const auto& [key, value] : inputs->options) {
      const std::string* source = source_of(value);
      // Keras 3 writes false here, and uses the argument of predict or fit.
      const bool says_nothing = value.is_null() || (key == "training" && value == Value(false));
      if (says_nothing || (key == "mask" && source != nullptr && is_mask(*source))) continue;
      refuse_graph(path, model, fmt::format("Layer {} is called with {} = {}.", text(), key, shortened(value)));
    }
    return *inputs;
  }

  // Checks that each layer in a chain gets the mask of the last mask-making layer before it, as in a Sequential.
  void check_masks(const std::vector<std::string>& chain) const {
    std::string maker;
    for (const std::string& name : chain) {
      for (const auto& [key, value] : inputs_of(name).options) {
        const std::string* source = key == "mask" ? source_of(value) : nullptr;
        if (source == nullptr || (!maker.empty() && is_mask_of(*source, maker))) continue;
        refuse_graph(path, model, fmt::format("Layer \"{}\" has a mask of its own, \"{}\".", name, *source));
      }
      const Value* arguments = layer(name).find("config");
      const Value* mask_zero = arguments != nullptr ? arguments->find("mask_zero") : nullptr;
      const std::string class_name = class_of(layer(name));
      if (arguments != nullptr && (class_name == "Masking" || (mask_zero != nullptr && *mask_zero == Value(true)))) {
        maker = name;
      }
    }
  }
};

// Returns "dense" for ["dense", 0, 0] or a list of one such.
std::string end_of(const Value& config, const char* key, const Graph& graph) {
  const Value* ends = config.find(key);
  const List* list = ends != nullptr ? ends->get_if<List>() : nullptr;
  if (list != nullptr && list->size() == 1) list = list->front().get_if<List>();
  const std::string* name = list != nullptr && !list->empty() ? list->front().get_if<std::string>() : nullptr;
  if (name == nullptr) refuse_graph(graph.path, graph.model, fmt::format("It has several {}.", key));
  return *name;
}

Value without_graph_within(const Value& layer, const std::string& path) {
  Dict result;
  for (const auto& [key, value] : *layer.get_if<Dict>()) {
    if (key != "inbound_nodes") result.emplace_back(key, value);
  }
  return without_graph(result, path);
}

Dict chain_of(const Value& model, const Dict& config, const std::string& path) {
  Graph graph{{}, model, path};
  const Value* layers = model.find("config")->find("layers");
  const List* list = layers != nullptr ? layers->get_if<List>() : nullptr;
  if (list == nullptr) refuse_graph(path, model, "It has no layers.");
  for (const Value& layer : *list) {
    const Value* arguments = layer.find("config");
    const std::string* name = text_at(layer, "name");
    if (name == nullptr && arguments != nullptr) name = text_at(*arguments, "name");
    if (name == nullptr || !graph.layers.emplace(*name, &layer).second) {
      refuse_graph(path, model, "A layer has no name, or the name of another layer.");
    }
  }
  const std::string first = end_of(config, "input_layers", graph);
  std::vector<std::string> chain;
  std::string name = end_of(config, "output_layers", graph);
  while (name != first) {
    chain.push_back(name);
    const std::vector<std::string> from = graph.inputs_of(name).tensors;
    if (from.empty() || chain.size() > list->size()) {
      refuse_graph(path, model, fmt::format("Layer \"{}\" is not connected to the input.", name));
    }
    name = from.front();
  }
  chain.push_back(first);
  std::reverse(chain.begin(), chain.end());
  graph.check_masks(chain);
  const std::set<std::string> in_chain(chain.begin(), chain.end());
  for (const auto& [other, layer] : graph.layers) {
    if (!graph.is_mask(other) && !in_chain.contains(other)) {
      refuse_graph(path, model, fmt::format("Layer \"{}\" ({}) is outside the chain.", other, class_of(*layer)));
    }
  }
  List in_order;
  for (const std::string& layer : chain) in_order.push_back(without_graph_within(graph.layer(layer), path));
  Dict result;
  for (const auto& [key, value] : config) {
    if (key == "layers") {
      result.emplace_back(key, std::move(in_order));
    } else if (key != "input_layers" && key != "output_layers") {
      result.emplace_back(key, value);
    }
  }
  return result;
}

}  // namespace

bool is_functional(const std::string& class_name) { return class_name == "Functional" || class_name == "Model"; }

Value without_graph(const Value& model, const std::string& path) {
  const Value* config = model.find("config");
  const Dict* arguments = config != nullptr ? config->get_if<Dict>() : nullptr;
  if (arguments == nullptr) return model;
  Dict result = *model.get_if<Dict>();
  if (is_functional(class_of(model))) {
    set(result, "config", chain_of(model, *arguments, path));
    return result;
  }
  Dict changed = *arguments;
  for (auto& [key, value] : changed) {
    if (key == "layer" || key == "backward_layer") value = without_graph(value, path);
    List* const layers = key == "layers" ? value.get_if<List>() : nullptr;
    for (std::size_t i = 0; layers != nullptr && i < layers->size(); ++i) {
      (*layers)[i] = without_graph((*layers)[i], path);
    }
  }
  set(result, "config", std::move(changed));
  return result;
}

}  // namespace xeras::io
