#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5_reader.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// What a file keeps of an optimizer.
struct OptimizerFile {
  struct Array {
    std::string name;  // "momentum"
    std::size_t position;
    Variable* variable;  // that it belongs to
    Extents extents;
    float* values;  // the optimizer's own memory
  };
  std::string name;  // "adam"
  std::int64_t steps = 0;
  std::optional<double> learning_rate = {};  // none where it follows from the steps
  std::vector<Array> arrays;
};

// Of a compiled model, all rows up to date; nothing for one that is not compiled. Before the first step there are no
// arrays.
std::optional<OptimizerFile> optimizer_file(Sequential& model);

// How many arrays the optimizer of a compiled model keeps for it, whether it has begun or not.
std::size_t arrays_of_state(Sequential& model);

// In what order files have the arrays, after the number of steps and perhaps the learning rate.
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
