#include "losses/options.hpp"

#include <fmt/format.h>

#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::losses {

void check_axis(const std::string& name, std::int64_t axis) {
  if (axis != -1) {
    throw InvalidArgument(
        fmt::format("{}: axis is {}; expected -1, the last. Permute the axes before the loss.", name, axis));
  }
}

void check_smoothing(const std::string& name, double smoothing) {
  if (!(smoothing >= 0.0 && smoothing <= 1.0)) {
    throw InvalidArgument(fmt::format("{}: label_smoothing is {}; expected a number from 0 to 1.", name, smoothing));
  }
}

void check_not_negative(const std::string& name, const char* option, double value) {
  if (!(value >= 0.0 && std::isfinite(value))) {
    throw InvalidArgument(fmt::format("{}: {} is {}; expected a number that is not negative.", name, option, value));
  }
}

}  // namespace xeras::losses
