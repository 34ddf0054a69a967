#pragma once

#include <string>

#include "xeras/models/custom_object.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras {

struct LoadOptions {
  /// Layers, losses and metrics of one's own that the file has: {custom_layer<Scale>(), custom_loss<Quantile>()}.
  CustomObjects custom_objects = {};
  bool compile = true;     ///< as the file says, with the state of its optimizer
  bool verify = false;     ///< predict the sample that was saved with the model, and compare
  std::string dtype = {};  ///< "float32": also models of half, mixed or double precision, as such of this one
};

/// A model from a file: .keras of Keras 3 and 2.12 on, .h5 of Keras 2 and 3, or of save(). What the file is, its
/// content says, not its name. A functional model whose layers are a chain becomes a Sequential.
///
/// Nothing in a file is ignored: an unknown layer, option or version raises FileError, which names its place in the
/// file, as in `layers[2].config.zoneout`. Files may come from anywhere: a damaged or hostile one raises FileError too.
/// A batch or a length that only Keras's InputLayer states does not bind predict, as in Keras, unless a layer needs it;
/// an Embedding's input_length does.
/// Source  keras.saving.load_model
XERAS_API Sequential load_model(const std::string& path, const LoadOptions& options = {});

/// A model of the layers that to_json, or Keras's, has written down, with weights of its own.
/// Source  keras.models.model_from_json
XERAS_API Sequential model_from_json(const std::string& json, const LoadOptions& options = {});

}  // namespace xeras
