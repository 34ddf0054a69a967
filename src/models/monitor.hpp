#pragma once

#include <string>

#include "xeras/core/error.hpp"

namespace xeras::callbacks {

// Of a score that a callback watches. Throws InvalidArgument unless mode is "auto", "min" or "max".
inline bool larger_is_better(const std::string& who, const std::string& mode, const std::string& monitor) {
  if (mode != "auto" && mode != "min" && mode != "max") {
    throw InvalidArgument(who + ": " + unknown_name("mode", mode, {"auto", "min", "max"}));
  }
  const bool is_accuracy = monitor.ends_with("acc") || monitor.ends_with("accuracy") || monitor.ends_with("auc");
  return mode == "max" || (mode == "auto" && is_accuracy);
}

}  // namespace xeras::callbacks
