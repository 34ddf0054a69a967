#pragma once

#include <string>

#include "io/hdf5_reader.hpp"
#include "io/hdf5_writer.hpp"
#include "io/weight_places.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// Weights and the optimizer's state in Keras 3's order of groups: what *.weights.h5 files hold, and .keras files
// within. Reading raises FileError, which names the place in the file, unless everything fits; then the model may hold
// some of the file's weights and some of its own.
void write_weights(Hdf5Writer& file, Sequential& model, bool with_optimizer);
void read_weights(const Hdf5Reader& file, Sequential& model, const FileClasses& classes = {});
// The state of the optimizer of a compiled model, if the file has one.
void read_optimizer(const Hdf5Reader& file, Sequential& model);
// Whether the file has a state, of an optimizer that is called like the model's and keeps as much for it.
bool has_state_of(const Hdf5Reader& file, Sequential& model);

}  // namespace xeras::io
