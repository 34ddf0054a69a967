#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5_reader.hpp"
#include "io/hdf5_writer.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// The state of an optimizer in a file.
struct OptimizerFile {
  struct Array : optimizers::StateArray {
    const Variable* variable;  // the owner of the array; null for a number of the optimizer's own
  };
  std::string name;  // "adam"
  std::int64_t steps = 0;
  std::optional<double> learning_rate = {};  // absent when it follows from the steps
  std::vector<Array> arrays;
};

// Returns the state for a compiled model, with all rows up to date; std::nullopt for a model that is not compiled.
// There are no arrays before the first step.
std::optional<OptimizerFile> optimizer_file(Sequential& model);

// Returns how many arrays the optimizer of a compiled model has for it, before or after the first step.
std::size_t arrays_of_state(Sequential& model);

// The order of the arrays in a file, after the number of steps and possibly the learning rate.
enum class StateOrder {
  keras3,  // the order of Optimizer::state
  keras2,  // by kind, each for all weights: all momentums, all velocities
};

// The file's names of the model's weights, if the arrays of a kind are in the order of these names; else empty.
using WeightNames = std::map<const Variable*, std::string>;

void write_array(Hdf5Writer& file, const std::string& path, const OptimizerFile::Array& array);

// Returns whether paths[next], behind the number of steps, is the learning rate of the model's optimizer. An optimizer
// with a schedule has none, and arrays may begin with a number, too.
bool has_learning_rate(const Hdf5Reader& file, const std::vector<std::string>& paths, std::size_t next,
                       StateOrder order, Sequential& model);

// Reads the arrays at these paths into the optimizer of a compiled model; no paths mean no steps yet. Throws FileError
// if they do not match the optimizer's arrays.
void read_optimizer_state(const Hdf5Reader& file, const std::vector<std::string>& paths, StateOrder order,
                          const WeightNames& names, Sequential& model);

}  // namespace xeras::io
