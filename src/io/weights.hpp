#pragma once

#include <string>

#include "io/hdf5_reader.hpp"
#include "io/hdf5_writer.hpp"
#include "io/weight_places.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// Read and write weights and the optimizer's state in the groups of Keras 3: the content of *.weights.h5 files, and of
// a member of .keras files. Reading throws FileError with the place in the file unless everything fits; the model may
// then hold some of the file's weights and some of its own.
void write_weights(Hdf5Writer& file, Sequential& model, bool with_optimizer);
void read_weights(const Hdf5Reader& file, Sequential& model, const FileClasses& classes = {});
// Reads the state of a compiled model's optimizer, if the file has one.
void read_optimizer(const Hdf5Reader& file, Sequential& model);
// True when the file has the state of an optimizer with the same name and the same number of arrays as the model's.
bool has_state_of(const Hdf5Reader& file, Sequential& model);

}  // namespace xeras::io
