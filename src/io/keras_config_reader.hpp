#pragma once

#include <string>

#include "io/weight_places.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// A model from a file, with what the file holds besides the layers' configurations.
struct SavedModel {
  Sequential model;
  Shape input;             // of the InputLayer, or the model's build shape; rank 0 if the file has neither
  Value input_layer = {};  // its arguments
  Value compile = {};      // null: not compiled; else {"optimizer", "loss", "metrics", "weighted_metrics"} of Keras 3
  FileClasses classes = {};
};

// Makes objects from Keras 3 configurations, as parse_json returns them. Every key must be an argument that the library
// supports, or have the value that is equivalent to its absence. Anything else raises FileError with its place, such as
// `layers[2].config.zoneout`.

// Makes the model of {"class_name": "Sequential", "config": ...}, or of a graph after without_graph; not built yet.
SavedModel model_from_keras(const Value& config, const std::string& path);

// Makes one layer from {"class_name", "config"}.
AnyLayer layer_from_keras(const Value& value, const std::string& path);

}  // namespace xeras::io
