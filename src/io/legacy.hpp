#pragma once

#include "io/hdf5_reader.hpp"
#include "io/hdf5_writer.hpp"
#include "io/keras2.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// Files of whole models in HDF5, as Keras 2 and 3 write them with the name *.h5: configurations as JSON in attributes,
// and a group for each layer, by the layer's name.

// The configuration of a model, as the Keras wrote it that legacy_version says.
Value read_legacy_config(const Hdf5Reader& file);
KerasVersion legacy_version(const Hdf5Reader& file);

// The weights of a whole model or of a file of weights, by the order of the layers that have some.
void read_legacy_weights(const Hdf5Reader& file, Sequential& model);
bool has_legacy_weights(const Hdf5Reader& file);
// True when it has any: a model that was saved before it was built has none.
bool holds_legacy_weights(const Hdf5Reader& file);
void read_legacy_optimizer(const Hdf5Reader& file, Sequential& model);

// As Keras 3 writes them.
void write_legacy_model(Hdf5Writer& file, Sequential& model, bool with_optimizer);
// At the top of the file.
void write_legacy_weights(Hdf5Writer& file, Sequential& model);

}  // namespace xeras::io
