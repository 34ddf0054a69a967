#include "io/weight_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/sequential_parts.hpp"
#include "models/weight_path.hpp"

namespace xeras::io {
namespace {

std::vector<Variable*> variables_of(const Node& node) {
  std::vector<Variable*> variables;
  for (const Node::Slot& slot : node.weights) variables.push_back(slot.variable);
  return variables;
}

void add_places(const Node& node, const std::string& group, const FileClasses& classes,
                std::vector<WeightPlace>& places);

// Adds the layers within a layer: at the attributes that it names, or in a numbered list, by class.
void add_children(std::span<const Node> nodes, std::span<const std::string> named, const std::string& group,
                  const FileClasses& classes, std::vector<WeightPlace>& places) {
  const std::string prefix = group.empty() ? "" : group + "/";
  std::map<std::string, int> used;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::string place = i < named.size() ? named[i] : "";
    if (place.empty()) {
      const auto in_file = classes.find(nodes[i].layer);
      const std::string stem = snake_case(in_file != classes.end() ? in_file->second : nodes[i].layer->class_name());
      const int number = used[stem]++;
      place = "layers/" + (number == 0 ? stem : fmt::format("{}_{}", stem, number));
    }
    add_places(nodes[i], prefix + place, classes, places);
  }
}

void add_places(const Node& node, const std::string& group, const FileClasses& classes,
                std::vector<WeightPlace>& places) {
  if (node.has_cell) places.push_back({group + "/cell", cell_name(node), variables_of(node)});
  places.push_back({group, node.layer->name(), node.has_cell ? std::vector<Variable*>() : variables_of(node)});
  add_children(node.children, node.places, group, classes, places);
}

struct Listed {
  std::string path;
  Variable* variable;
  bool trained;
};

void list(const Node& node, const std::string& path, bool trainable, std::vector<Listed>& all) {
  trainable = trainable && node.layer->trainable();
  std::string owner = path;
  append_owner(node, owner);
  for (Variable* variable : variables_of(node)) {
    all.push_back({fmt::format("{}/{}", owner, variable->name), variable, trainable && variable->trainable});
  }
  for (const Node& child : node.children) {
    list(child, fmt::format("{}/{}", path, child.layer->name()), trainable, all);
  }
}

std::vector<NamedVariable> trained_first(std::vector<Listed> all) {
  std::stable_partition(all.begin(), all.end(), [](const Listed& weight) { return weight.trained; });
  std::vector<NamedVariable> ordered;
  for (Listed& weight : all) ordered.push_back({std::move(weight.path), weight.variable});
  return ordered;
}

}  // namespace

std::vector<WeightPlace> weight_places(const Sequential& model, const FileClasses& classes) {
  std::vector<WeightPlace> places{{"", model.name(), {}}};
  add_children(SequentialParts::state(model).nodes, {}, "", classes, places);
  return places;
}

std::vector<NamedVariable> legacy_order(const Node& layer) {
  std::vector<Listed> all;
  list(layer, layer.layer->name(), true, all);
  return trained_first(std::move(all));
}

std::vector<NamedVariable> legacy_order(const Sequential& model) {
  std::vector<Listed> all;
  for (const Node& node : SequentialParts::state(model).nodes) {
    list(node, fmt::format("{}/{}", model.name(), node.layer->name()), model.trainable(), all);
  }
  return trained_first(std::move(all));
}

std::string keras_path(const Sequential& model, const NamedVariable& weight) {
  return std::string(path_start(model.name())) + weight.path.substr(model.name().size());
}

}  // namespace xeras::io
