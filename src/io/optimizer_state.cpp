#include "io/optimizer_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/weight_places.hpp"
#include "models/sequential_parts.hpp"
#include "models/trainer.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// The limit of the optimizers' step counters.
constexpr std::int64_t most_steps = std::int64_t{1} << 30;

std::vector<OptimizerFile::Array> arrays_of(Sequential& model, const std::vector<Variable*>& variables) {
  optimizers::Optimizer& optimizer = *SequentialParts::state(model).compiled->optimizer;
  std::map<const Variable*, std::string> paths;
  for (const NamedVariable& weight : legacy_order(model)) paths.emplace(weight.variable, keras_path(model, weight));
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    optimizer.catch_up_state(i, variables[i]->to_write());
    parameters.push_back({.values = variables[i]->to_write(),
                          .extents = variables[i]->extents(),
                          .constraint = nullptr,
                          .gradient = {},
                          .name = variables[i]->name,
                          .path = paths.at(variables[i])});
  }
  std::vector<OptimizerFile::Array> arrays;
  for (optimizers::StateArray& array : optimizer.state(parameters)) {
    const Variable* const variable = array.position ? variables[*array.position] : nullptr;
    arrays.push_back({std::move(array), variable});
  }
  return arrays;
}

}  // namespace

std::optional<OptimizerFile> optimizer_file(Sequential& model) {
  const std::optional<Compiled>& compiled = SequentialParts::state(model).compiled;
  if (!compiled) return {};
  optimizers::Optimizer& optimizer = *compiled->optimizer;
  OptimizerFile file;
  const Value config = optimizer.get_config();
  if (const Value* name = config.find("name"); name != nullptr && name->get_if<std::string>() != nullptr) {
    file.name = *name->get_if<std::string>();
  }
  file.steps = optimizer.steps();
  if (!optimizer.has_schedule()) file.learning_rate = optimizer.learning_rate();
  if (optimizer.has_state()) file.arrays = arrays_of(model, compiled->variables);
  return file;
}

std::size_t arrays_of_state(Sequential& model) { return arrays_of(model, Trainer(model).variables()).size(); }

bool has_learning_rate(const Hdf5Reader& file, const std::vector<std::string>& paths, std::size_t next,
                       StateOrder order, Sequential& model) {
  if (next >= paths.size() || file.extents(paths[next]).rank() != 0) return false;
  const bool has_schedule = SequentialParts::state(model).compiled->optimizer->has_schedule();
  if (order == StateOrder::keras3 && !has_schedule) return true;
  // A single number may be the rate of a file without arrays. Otherwise the arrays may begin with a number.
  const std::size_t left = paths.size() - next;
  return left == 1 || left != arrays_of_state(model);
}

void write_array(Hdf5Writer& file, const std::string& path, const OptimizerFile::Array& array) {
  if (array.is_integer) return file.write_integer(path, static_cast<std::int64_t>(*array.values));
  file.write(path, array.extents, array.values);
}

void read_optimizer_state(const Hdf5Reader& file, const std::vector<std::string>& paths, StateOrder order,
                          const WeightNames& names, Sequential& model) {
  if (paths.empty()) return;
  auto& state = SequentialParts::state(model);
  optimizers::Optimizer& optimizer = *state.compiled->optimizer;
  std::size_t next = 0;
  std::int64_t steps = 0;
  if (file.holds_integers(paths[next])) {
    steps = file.read_integer(paths[next++]);
  } else if (order == StateOrder::keras2 && file.extents(paths[next]).rank() == 0) {  // of Keras 2.0
    const double number = file.read_number(paths[next++]);
    steps = number >= 0.0 && number <= static_cast<double>(most_steps) ? static_cast<std::int64_t>(number) : -1;
  }
  if (steps < 0 || steps > most_steps) {
    throw FileError(fmt::format("{}: {}; expected a number of steps from 0 to {}.", paths[0], steps, most_steps));
  }
  // The file's rate has 32 bits; the configuration may be more precise.
  const auto own_rate = static_cast<float>(optimizer.learning_rate());
  const bool has_rate = has_learning_rate(file, paths, next, order, model);
  const double rate = has_rate ? file.read_number(paths[next++]) : own_rate;
  const bool is_other_rate = !optimizer.has_schedule() && static_cast<float>(rate) != own_rate;
  if (is_other_rate && !(rate >= 0.0 && std::isfinite(rate))) {
    throw FileError(fmt::format("{}: {}; expected a learning rate.", paths[next - 1], rate));
  }
  bool has_arrays = next < paths.size();
  if (!has_arrays && steps == 0) {  // saved before the first step
    if (is_other_rate) optimizer.set_learning_rate(rate);
    return;
  }
  // Without arrays, this is an SGD that has none, or Keras lost them on the way through a .h5 file. They then start at
  // 0, as in Keras.
  std::vector<OptimizerFile::Array> arrays = arrays_of(model, Trainer(model).variables());
  // Keras keeps the numbers of an optimizer when it loses the arrays of its weights.
  const auto is_number = [](const auto& array) { return array.variable == nullptr; };
  const auto numbers = static_cast<std::size_t>(std::count_if(arrays.begin(), arrays.end(), is_number));
  has_arrays = has_arrays && (paths.size() - next != numbers || numbers == arrays.size());
  if (order == StateOrder::keras2) {
    std::vector<std::string> kinds;
    for (const auto& array : arrays) {
      if (std::find(kinds.begin(), kinds.end(), array.name) == kinds.end()) kinds.push_back(array.name);
    }
    const auto rank = [&](const auto& array) {
      return std::find(kinds.begin(), kinds.end(), array.name) - kinds.begin();
    };
    if (!names.empty()) {
      const auto name_of = [&](const auto& array) {  // a number of the optimizer belongs to no variable
        return array.variable != nullptr ? names.at(array.variable) : std::string();
      };
      std::stable_sort(arrays.begin(), arrays.end(),
                       [&](const auto& a, const auto& b) { return name_of(a) < name_of(b); });
    }
    std::stable_sort(arrays.begin(), arrays.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  }
  // Keras 2 writes a placeholder for each vhat of an Adam without amsgrad, and the moments of an SGD without momentum.
  const bool has_more = order == StateOrder::keras2 && paths.size() - next > arrays.size();
  if (has_arrays && !has_more && paths.size() - next != arrays.size()) {
    throw FileError(fmt::format("{}: the optimizer's state has {} arrays; expected {}, which {} keeps for this model.",
                                paths[0], paths.size() - next, arrays.size(), optimizer.class_name()));
  }
  // All checks come before the first change.
  for (std::size_t i = 0; has_arrays && i < arrays.size(); ++i) file.check(paths[next + i], arrays[i].extents);
  for (const OptimizerFile::Array& array : arrays) {
    if (has_arrays) {
      file.read(paths[next++], array.extents, array.values);
    } else if (array.start_values != nullptr) {
      std::copy_n(array.start_values, array.extents.size(), array.values);
    } else {
      std::fill_n(array.values, array.extents.size(), array.start);
    }
  }
  if (is_other_rate) optimizer.set_learning_rate(rate);
  optimizer.resume_after(steps);
  state.steps = static_cast<std::uint64_t>(steps);
}

}  // namespace xeras::io
