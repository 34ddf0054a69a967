#pragma once

#include <string>

#include "xeras/models/sequential.hpp"

namespace xeras::callbacks {

// Throws InvalidArgument, with `who` first, when the learning rate of the model's optimizer is a schedule.
void require_settable_rate(const std::string& who, const Sequential& model);

// Returns the learning rate as Keras reports it: rounded to float32.
double learning_rate_of(const Sequential& model);

// Adds "learning_rate" to the logs.
void log_learning_rate(const Sequential& model, Scores& logs);

}  // namespace xeras::callbacks
