#pragma once

#include <optional>
#include <string>

#include "xeras/models/sequential.hpp"

namespace xeras::io {

// What a file says of a model besides its layers' configurations.
struct SavedModel {
  Sequential model;
  Shape input;             // of the InputLayer, or what the model was built for; rank 0 where the file does not say
  Value input_layer = {};  // its arguments
  Value compile = {};  // {"optimizer", "loss", "metrics", "weighted_metrics"} in Keras 3's words; null: not compiled
};

// Configurations of Keras 3, as parse_json gives them, and back. Every key of a file must be an argument that the
// library has, or one whose value means the same as not having it; anything else raises FileError with its place, as in
// `layers[2].config.zoneout`.

// The layers of {"class_name": "Sequential", "config": ...}, not built yet.
SavedModel model_from_keras(const Value& config, const std::string& path);
// A model that is built, so that the shape of its input is known, or one that is not.
Value model_to_keras(const Sequential& model);

// One layer of {"class_name", "config"}.
AnyLayer layer_from_keras(const Value& value, const std::string& path);

// What compile set.
struct CompileArguments {
  OptimizerArgument optimizer;
  LossArgument loss;
  std::vector<MetricArgument> metrics;
  std::vector<MetricArgument> weighted_metrics;
};
CompileArguments compile_from_keras(const Value& config, const std::string& path);
// With losses and metrics by the names they were given by; or all as objects, since Keras cannot read its own names in
// older files ("mse").
enum class Spelling { as_given, objects };
Value compile_to_keras(const CompileArguments& compiled, Spelling spelling = Spelling::as_given);

}  // namespace xeras::io
