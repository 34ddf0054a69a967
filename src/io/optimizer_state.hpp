#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5_reader.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// The part of an optimizer that a file keeps.
struct OptimizerFile {
  struct Array : optimizers::StateArray {
    const Variable* variable;  // that it belongs to; null for a number of the optimizer's own
  };
  std::string name;  // "adam"
  std::int64_t steps = 0;
  std::optional<double> learning_rate = {};  // none where it follows from the steps
  std::vector<Array> arrays;
};

// The state of a compiled model, with nothing postponed; none for one that is not compiled. Before the first step there
// are no arrays.
std::optional<OptimizerFile> optimizer_file(Sequential& model);

// The number of arrays that the optimizer of a compiled model keeps for it, whether it has begun or not.
std::size_t arrays_of_state(Sequential& model);

// The order of the arrays in files, after the number of steps and perhaps the learning rate.
enum class StateOrder {
  keras3,  // as Optimizer::state gives them
  keras2,  // each kind for all weights: all momentums, all velocities
};

// What the file calls the model's weights, where arrays of a kind come in the order of these names; else empty.
using WeightNames = std::map<const Variable*, std::string>;

// Reads the arrays at these paths into the optimizer of a compiled model. None: it has not begun yet. FileError when
// they are not what the optimizer has.
void read_optimizer_state(const Hdf5Reader& file, const std::vector<std::string>& paths, StateOrder order,
                          const WeightNames& names, Sequential& model);

}  // namespace xeras::io
