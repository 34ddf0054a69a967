#include "xeras/schedules/inverse_time_decay.hpp"

#include "schedules/options.hpp"

namespace xeras::schedules {

InverseTimeDecay::InverseTimeDecay(InverseTimeDecayOptions options) : Configured(std::move(options)) {
  constexpr const char* who = "InverseTimeDecay";
  const double steps = config().decay_steps, decay = config().decay_rate;
  require_finite(who, "initial_learning_rate", config().initial_learning_rate);
  require(steps > 0.0 && std::isfinite(steps), who, "decay_steps", steps, "a finite number > 0");
  require(decay >= 0.0 && std::isfinite(decay), who, "decay_rate", decay, "a finite number >= 0");
}

double InverseTimeDecay::operator()(std::int64_t step) const {
  const float share = narrow(step) / narrow(config().decay_steps);
  const float periods = config().staircase ? std::floor(share) : share;
  return narrow(config().initial_learning_rate) / (1.0f + narrow(config().decay_rate) * periods);
}

}  // namespace xeras::schedules
