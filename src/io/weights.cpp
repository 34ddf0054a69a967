#include "io/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/optimizer_state.hpp"
#include "io/weight_places.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

const std::string& optimizer_group = *new std::string("optimizer/vars");

std::string vars_of(const std::string& group) { return group.empty() ? "vars" : group + "/vars"; }

std::string numbered(const std::string& group, std::size_t i) { return fmt::format("{}/{}", group, i); }

// The group of an older name, where a file has that: Keras 2.12 to 2.14 said otherwise what "layers" is now.
std::string group_in(const Hdf5Reader& file, const std::string& group) {
  const std::string now = "layers/", before = "_layer_checkpoint_dependencies/";
  if (!group.starts_with(now) || file.has("layers")) return group;
  return before + group.substr(now.size());
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
  if (!with_optimizer) return;
  if (const std::optional<OptimizerFile> state = optimizer_file(model)) {
    file.make_group(optimizer_group);
    file.set_text(optimizer_group, "name", state->name);
    file.write_integer(numbered(optimizer_group, 0), state->steps);
    file.write_number(numbered(optimizer_group, 1), static_cast<float>(state->learning_rate));
    for (std::size_t i = 0; i < state->arrays.size(); ++i) {
      file.write(numbered(optimizer_group, i + 2), state->arrays[i].extents, state->arrays[i].values);
    }
  }
}

void read_weights(const Hdf5Reader& file, Sequential& model) {
  const std::string layers = group_in(file, "layers/");
  if (const std::size_t found = file.names(layers.substr(0, layers.size() - 1)).size();
      found != model.layers().size()) {
    throw FileError(fmt::format("{} layers in the file; expected {}, as the model has.", found, model.layers().size()));
  }
  for (const WeightPlace& place : weight_places(model)) {
    const std::string vars = vars_of(group_in(file, place.group));
    if (const std::size_t found = file.names(vars).size(); found != place.variables.size()) {
      throw FileError(
          fmt::format("{}: {} weights; expected the {} of \"{}\".", vars, found, place.variables.size(), place.owner));
    }
    for (std::size_t i = 0; i < place.variables.size(); ++i) {
      Variable& variable = *place.variables[i];
      variable.settle();
      file.read(numbered(vars, i), variable.extents(), variable.to_write());
    }
  }
}

bool has_state_of(const Hdf5Reader& file, Sequential& model) {
  const std::optional<OptimizerFile> own = optimizer_file(model);
  return own && file.has(optimizer_group) && file.text(optimizer_group, "name") == own->name;
}

void read_optimizer(const Hdf5Reader& file, Sequential& model) {
  std::vector<std::string> paths;
  const std::size_t count = file.names(optimizer_group).size();
  for (std::size_t i = 0; i < count; ++i) paths.push_back(numbered(optimizer_group, i));
  read_optimizer_state(file, paths, StateOrder::keras3, model);
}

}  // namespace xeras::io
