#pragma once

#include "xeras/models/sequential.hpp"

namespace xeras::callbacks {

// Throws InvalidArgument unless mode is "auto", "min" or "max".
void check_mode(const std::string& who, const std::string& mode);

// True when a larger monitored score is better. In mode "auto", the direction of the model's metric of that name,
// without "val_", decides; a loss improves downwards. Throws InvalidArgument for a metric without direction.
bool larger_is_better(const std::string& who, const std::string& mode, const std::string& monitor,
                      const Sequential& model);

// True when a score is better than the best one by at least min_delta, or the first one. Compares in float32, as Keras
// does: scores that differ less are equal.
bool improves(double score, const std::optional<double>& best, double min_delta, bool larger_is_better);

bool has_validation(const Scores& scores);
Scores without_validation(const Scores& scores);

// Throws InvalidArgument unless the monitored score is among those that fit reports.
void check_monitor(const std::string& who, const std::string& monitor, const Scores& reported);

}  // namespace xeras::callbacks
