#include "io/weights.hpp"

#include <fmt/format.h>

#include <set>

#include "io/optimizer_state.hpp"
#include "io/vocabularies.hpp"
#include "io/weight_groups.hpp"
#include "io/weight_places.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

const std::string& optimizer_group = *new std::string("optimizer/vars");

std::string vars_of(const std::string& group) { return group.empty() ? "vars" : group + "/vars"; }

std::string numbered(const std::string& group, std::size_t i) { return fmt::format("{}/{}", group, i); }

// Returns the number of layers with weights in the file that the model lacks.
std::size_t count_others(const Hdf5Reader& file, const WeightGroups& groups, const std::set<std::string>& own) {
  std::size_t others = 0;
  for (const std::string& name : groups.layers()) {
    if (own.contains("layers/" + name)) continue;
    const std::string path = groups.path("layers/" + name);
    const std::vector<std::string> inside = file.names(path);
    const bool is_empty = inside.empty() || (inside.size() == 1 && file.names(vars_of(path)).empty());
    others += is_empty ? 0 : 1;
  }
  return others;
}

// Returns the group of the model's layer that contains a place: "layers/dense" for "layers/dense/cell".
std::string layer_of(const std::string& group) { return group.substr(0, group.find('/', group.find('/') + 1)); }

std::vector<std::string> state_paths(const Hdf5Reader& file) {
  // An optimizer that scales losses, in half precision, stores the state of the inner optimizer here.
  const std::string inner = "optimizer/inner_optimizer/vars";
  const std::string group = file.has(inner) ? inner : optimizer_group;
  std::vector<std::string> paths;
  const std::size_t count = file.names(group).size();
  for (std::size_t i = 0; i < count; ++i) paths.push_back(numbered(group, i));
  return paths;
}

}  // namespace

void write_weights(Hdf5Writer& file, Sequential& model, bool with_optimizer) {
  for (const WeightPlace& place : weight_places(model)) {
    const std::string vars = vars_of(place.group);
    file.make_group(vars);
    file.set_text(vars, "name", place.owner);
    for (std::size_t i = 0; i < place.variables.size(); ++i) {
      Variable& variable = *place.variables[i];
      file.write(numbered(vars, i), variable.extents(), variable.value().data());
    }
  }
  write_idf_weights(file, model);
  if (!with_optimizer) return;
  if (const std::optional<OptimizerFile> state = optimizer_file(model)) {
    file.make_group(optimizer_group);
    file.set_text(optimizer_group, "name", state->name);
    file.write_integer(numbered(optimizer_group, 0), state->steps);
    std::size_t next = 1;
    if (state->learning_rate) {
      file.write_number(numbered(optimizer_group, next++), static_cast<float>(*state->learning_rate));
    }
    for (const OptimizerFile::Array& array : state->arrays) {
      write_array(file, numbered(optimizer_group, next++), array);
    }
  }
}

void read_weights(const Hdf5Reader& file, Sequential& model, const FileClasses& classes) {
  const WeightGroups groups(file);
  const std::vector<WeightPlace> places = weight_places(model, classes);
  std::set<std::string> with_weights;
  std::set<std::string> own;
  for (const WeightPlace& place : places) {
    own.insert(layer_of(place.group));
    if (!place.variables.empty()) with_weights.insert(layer_of(place.group));
  }
  std::size_t found_layers = count_others(file, groups, own);
  for (const std::string& layer : with_weights) found_layers += file.has(groups.path(layer));
  if (found_layers != with_weights.size()) {
    throw FileError(fmt::format("{} layers with weights in the file; expected {}, as the model has.", found_layers,
                                with_weights.size()));
  }
  for (const WeightPlace& place : places) {
    const std::string vars = vars_of(groups.path(place.group));
    std::vector<std::string> names = file.names(vars);
    std::erase(names, idf_weights);
    if (const std::size_t found = names.size(); found != place.variables.size()) {
      throw FileError(
          fmt::format("{}: {} weights; expected the {} of \"{}\".", vars, found, place.variables.size(), place.owner));
    }
    for (std::size_t i = 0; i < place.variables.size(); ++i) {
      Variable& variable = *place.variables[i];
      variable.catch_up();
      file.read(numbered(vars, i), variable.extents(), variable.to_write());
    }
  }
  read_idf_weights(file, model, classes, [&](const std::string& group) { return groups.path(group); });
}

bool has_state_of(const Hdf5Reader& file, Sequential& model) {
  const std::optional<OptimizerFile> own = optimizer_file(model);
  if (!own || !file.has(optimizer_group) || file.text(optimizer_group, "name") != own->name) return false;
  // The number of steps, and possibly the learning rate, come before the arrays.
  const std::vector<std::string> paths = state_paths(file);
  const std::size_t scalars = has_learning_rate(file, paths, 1, StateOrder::keras3, model) ? 2 : 1;
  return paths.size() <= scalars || paths.size() - scalars == arrays_of_state(model);
}

void read_optimizer(const Hdf5Reader& file, Sequential& model) {
  read_optimizer_state(file, state_paths(file), StateOrder::keras3, {}, model);
}

}  // namespace xeras::io
