#pragma once

#include <string>

#include "xeras/models/history.hpp"

namespace xeras::callbacks {

// Of a score that a callback watches. Throws InvalidArgument unless mode is "auto", "min" or "max".
bool larger_is_better(const std::string& who, const std::string& mode, const std::string& monitor);

bool has_validation(const Scores& scores);
Scores without_validation(const Scores& scores);

// Throws InvalidArgument unless the monitored score is among those that fit reports.
void check_monitor(const std::string& who, const std::string& monitor, const Scores& reported);

}  // namespace xeras::callbacks
