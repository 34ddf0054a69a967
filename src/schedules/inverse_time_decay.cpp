#include "xeras/schedules/inverse_time_decay.hpp"

#include <fmt/format.h>

#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::schedules {

InverseTimeDecay::InverseTimeDecay(InverseTimeDecayOptions options) : Configured(std::move(options)) {
  const auto refuse = [](const char* option, double value, const char* expected) {
    throw InvalidArgument(fmt::format("InverseTimeDecay: {} is {}; expected {}.", option, value, expected));
  };
  const double steps = config().decay_steps, decay = config().decay_rate;
  if (!(steps > 0.0 && std::isfinite(steps))) refuse("decay_steps", steps, "a finite number > 0");
  if (!(decay >= 0.0 && std::isfinite(decay))) refuse("decay_rate", decay, "a finite number >= 0");
}

double InverseTimeDecay::operator()(std::int64_t step) const {
  const double share = static_cast<double>(step) / config().decay_steps;
  return config().initial_learning_rate /
         (1.0 + config().decay_rate * (config().staircase ? std::floor(share) : share));
}

}  // namespace xeras::schedules
