#pragma once

#include <string>

#include "io/weight_places.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// What a file says of a model besides its layers' configurations.
struct SavedModel {
  Sequential model;
  Shape input;             // of the InputLayer, or what the model was built for; rank 0 where the file does not say
  Value input_layer = {};  // its arguments
  Value compile = {};  // {"optimizer", "loss", "metrics", "weighted_metrics"} in Keras 3's words; null: not compiled
  FileClasses classes = {};
};

// Makes objects of configurations of Keras 3, as parse_json gives them. Every key of a file must be an argument that
// the library has, or one whose value means the same as not having it; anything else raises FileError with its place,
// as in `layers[2].config.zoneout`.

// The layers of {"class_name": "Sequential", "config": ...}, or of a graph without_graph, not built yet.
SavedModel model_from_keras(const Value& config, const std::string& path);

// One layer of {"class_name", "config"}.
AnyLayer layer_from_keras(const Value& value, const std::string& path);

}  // namespace xeras::io
