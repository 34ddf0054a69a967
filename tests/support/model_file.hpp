#pragma once

#include <string>

#include "xeras/models/sequential.hpp"

namespace xeras::testing {

// Where the files of models are that Keras wrote.
std::string model_file(const std::string& name);

// Predicts what the record says, a .json beside the files, and where `trains` trains on with its batches: outputs and
// losses must be those of Keras.
void check_model(Sequential& model, const std::string& record, bool trains = true);

}  // namespace xeras::testing
