#pragma once

#include <string>

#include "xeras/models/sequential.hpp"

namespace xeras::testing {

// Returns the path of a model file that Keras wrote.
std::string model_file(const std::string& name);

// Checks the predictions of the record, a .json beside the files. With `trains`, also continues the training with its
// batches. Outputs and losses must equal those of Keras.
void check_model(Sequential& model, const std::string& record, bool trains = true);

}  // namespace xeras::testing
