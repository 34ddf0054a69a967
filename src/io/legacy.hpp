#pragma once

#include "io/hdf5_reader.hpp"
#include "io/hdf5_writer.hpp"
#include "io/keras2.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// HDF5 files of whole models, which Keras 2 and 3 write with the name *.h5: configurations as JSON in attributes, and a
// group for each layer, named after it.

// Returns the configuration of a model in the form of the Keras release that legacy_version returns.
Value read_legacy_config(const Hdf5Reader& file);
KerasVersion legacy_version(const Hdf5Reader& file);

// Reads the weights of a whole model, or of a file of weights, in the order of the layers that have weights.
void read_legacy_weights(const Hdf5Reader& file, Sequential& model);
bool has_legacy_weights(const Hdf5Reader& file);
// True when the file has weights; a model that was saved before it was built has none.
bool holds_legacy_weights(const Hdf5Reader& file);
void read_legacy_optimizer(const Hdf5Reader& file, Sequential& model);

// Writes a whole model in the form of Keras 3.
void write_legacy_model(Hdf5Writer& file, Sequential& model, bool with_optimizer);
// Writes the weights at the top of the file.
void write_legacy_weights(Hdf5Writer& file, Sequential& model);

}  // namespace xeras::io
