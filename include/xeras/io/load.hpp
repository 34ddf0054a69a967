#pragma once

#include <string>

#include "xeras/models/custom_object.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras {

struct LoadOptions {
  /// Your own layers, losses, metrics and schedules in the file: {custom_layer<Scale>(), custom_loss<Quantile>()}.
  CustomObjects custom_objects = {};
  bool compile = true;     ///< as in the file, with the state of its optimizer
  bool verify = false;     ///< predict the sample that was saved with the model, and compare
  std::string dtype = {};  ///< "float32" also loads half, mixed and double precision models, in float32
};

/// Loads a model from a file: .keras of Keras 3 and of Keras 2.12 or later, .h5 of Keras 2 and 3, or a file of save().
/// The content determines the format, not the name. A functional model whose layers form a chain becomes a Sequential.
///
///   Sequential model = load_model("model.keras");
///
/// Nothing in a file is ignored: an unknown layer, option or version raises FileError with its place in the file, such
/// as `layers[2].config.zoneout`. Files may come from untrusted sources: damaged and malicious ones raise FileError
/// too. As in Keras, a batch size or length that only Keras's InputLayer states does not restrict predict, unless a
/// layer needs it; an Embedding's input_length does.
///
/// Throws  FileError for a file that cannot be read, is invalid or needs an unsupported feature
/// Source  keras.saving.load_model
XERAS_API Sequential load_model(const std::string& path, const LoadOptions& options = {});

/// Returns the `.metadata` with which a .keras file was saved; empty without any, as in Keras's own files.
///
///   model.save("m.keras", {.metadata = {{"labels", to_value(labels)}}});
///   const Value metadata = load_metadata("m.keras");
///
/// Keras keeps neither these facts nor others of the kind: they are lost when it saves the model again.
///
/// Throws  FileError for a file that cannot be read or is no .keras file
XERAS_API Value::Dict load_metadata(const std::string& path);

/// Makes a model from the layers in a JSON configuration of to_json or Keras, with new weights.
///
///   Sequential twin = model_from_json(model.to_json());
///
/// Source  keras.models.model_from_json
XERAS_API Sequential model_from_json(const std::string& json, const LoadOptions& options = {});

}  // namespace xeras
