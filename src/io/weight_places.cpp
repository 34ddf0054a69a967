#include "io/weight_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "layers/snake_case.hpp"
#include "xeras/layers/recurrent/gru.hpp"
#include "xeras/layers/recurrent/lstm.hpp"
#include "xeras/layers/recurrent/simple_rnn.hpp"
#include "xeras/layers/wrappers/bidirectional.hpp"
#include "xeras/layers/wrappers/time_distributed.hpp"

namespace xeras::io {
namespace {

template <class... Ls>
bool is_one_of(const Layer& layer) {
  return ((dynamic_cast<const Ls*>(&layer) != nullptr) || ...);
}

// Keras keeps the weights of a recurrent layer in its cell.
bool has_cell(const Layer& layer) { return is_one_of<layers::SimpleRNN, layers::LSTM, layers::GRU>(layer); }

std::string cell_of(const Layer& layer) { return snake_case(layer.class_name()) + "_cell"; }

std::vector<Variable*> own_variables(Layer& layer) {
  std::vector<Variable*> own = layer.variables();
  std::size_t inner = 0;
  for (AnyLayer& child : layer.children()) inner += child->variables().size();
  own.resize(own.size() - inner);
  return own;
}

// What Keras calls the layers within a layer: by attribute, and those of a list by their classes, with numbers.
std::vector<std::string> names_of_children(Layer& layer, const FileClasses& classes) {
  if (is_one_of<layers::Bidirectional>(layer)) return {"forward_layer", "backward_layer"};
  if (is_one_of<layers::TimeDistributed>(layer)) return {"layer"};
  std::vector<std::string> names;
  std::map<std::string, int> used;
  for (AnyLayer& child : layer.children()) {
    const auto in_file = classes.find(child.get());
    const std::string stem = snake_case(in_file != classes.end() ? in_file->second : child->class_name());
    const int number = used[stem]++;
    names.push_back("layers/" + (number == 0 ? stem : fmt::format("{}_{}", stem, number)));
  }
  return names;
}

void add_places(Layer& layer, const std::string& group, const FileClasses& classes, std::vector<WeightPlace>& places) {
  const std::string prefix = group.empty() ? "" : group + "/";
  if (has_cell(layer)) {
    places.push_back({prefix + "cell", cell_of(layer), own_variables(layer)});
    places.push_back({group, layer.name(), {}});
  } else {
    places.push_back({group, layer.name(), own_variables(layer)});
  }
  const std::vector<std::string> names = names_of_children(layer, classes);
  for (std::size_t i = 0; i < names.size(); ++i) {
    add_places(*layer.children()[i], prefix + names[i], classes, places);
  }
}

struct Listed {
  std::string path;
  Variable* variable;
  bool trained;
};

void list(Layer& layer, const std::string& path, bool trainable, std::vector<Listed>& all) {
  trainable = trainable && layer.trainable();
  const std::string owner = has_cell(layer) ? fmt::format("{}/{}", path, cell_of(layer)) : path;
  for (Variable* variable : own_variables(layer)) {
    all.push_back({fmt::format("{}/{}", owner, variable->name), variable, trainable && variable->trainable});
  }
  for (AnyLayer& child : layer.children()) list(*child, fmt::format("{}/{}", path, child->name()), trainable, all);
}

}  // namespace

std::vector<WeightPlace> weight_places(Sequential& model, const FileClasses& classes) {
  std::vector<WeightPlace> places;
  add_places(model, "", classes, places);
  return places;
}

std::vector<NamedVariable> legacy_order(Layer& layer) {
  std::vector<Listed> all;
  list(layer, layer.name(), true, all);
  std::stable_partition(all.begin(), all.end(), [](const Listed& weight) { return weight.trained; });
  std::vector<NamedVariable> ordered;
  for (Listed& weight : all) ordered.push_back({std::move(weight.path), weight.variable});
  return ordered;
}

}  // namespace xeras::io
