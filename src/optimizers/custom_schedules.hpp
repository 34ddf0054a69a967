#pragma once

#include <optional>

#include "xeras/optimizers/learning_rate.hpp"

namespace xeras::optimizers {

// Makes a schedule of the user's from a configuration; none for an unknown class.
using ScheduleMaker = std::optional<LearningRate> (*)(const std::string& class_name, const Value& config,
                                                      const std::string& path);

// This thread's maker, which reading a learning rate asks first; null before the thread reads a file.
ScheduleMaker& custom_schedules();

}  // namespace xeras::optimizers
