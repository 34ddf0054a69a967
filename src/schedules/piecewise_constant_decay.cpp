#include "xeras/schedules/piecewise_constant_decay.hpp"

#include "schedules/options.hpp"

namespace xeras::schedules {

PiecewiseConstantDecay::PiecewiseConstantDecay(PiecewiseConstantDecayOptions options) : Configured(std::move(options)) {
  const auto& [boundaries, values, name] = config();
  if (boundaries.empty() || values.size() != boundaries.size() + 1) {
    throw InvalidArgument(
        fmt::format("PiecewiseConstantDecay: {} boundaries and {} values; expected at least one boundary, and one "
                    "value more. The last value holds after the last boundary.",
                    boundaries.size(), values.size()));
  }
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    const std::string option = fmt::format("boundaries[{}]", i);
    require_finite("PiecewiseConstantDecay", option.c_str(), boundaries[i]);
    require(i == 0 || boundaries[i] > boundaries[i - 1], "PiecewiseConstantDecay", option.c_str(), boundaries[i],
            "a larger step than the boundary before it");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    require_finite("PiecewiseConstantDecay", fmt::format("values[{}]", i).c_str(), values[i]);
  }
}

double PiecewiseConstantDecay::operator()(std::int64_t step) const {
  const auto& [boundaries, values, name] = config();
  std::size_t i = 0;
  while (i < boundaries.size() && static_cast<double>(step) > std::trunc(boundaries[i])) ++i;
  return narrow(values[i]);
}

}  // namespace xeras::schedules
