#include "xeras/metrics/at_constraint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::metrics {

void ConstrainedMetric::require(const std::string& name, const char* rate, const std::optional<double>& least) {
  if (least && *least >= 0.0 && *least <= 1.0) {
    least_ = *least;
    return;
  }
  const std::string given = !least ? "not given" : std::isnan(*least) ? "nan" : fmt::format("{}", *least);
  throw InvalidArgument(fmt::format("{}: {} is {}; expected a number from 0 to 1.", name, rate, given));
}

double ConstrainedMetric::result() const {
  double largest = 0.0;
  counts().for_each([&](std::size_t, const Confusion& confusion) {
    // In float, since 3 / 5 must reach 0.6.
    if (static_cast<float>(constrained(confusion)) < static_cast<float>(least_)) return;
    largest = std::max(largest, value(confusion));
  });
  return largest;
}

}  // namespace xeras::metrics
