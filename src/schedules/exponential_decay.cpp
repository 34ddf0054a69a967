#include "xeras/schedules/exponential_decay.hpp"

#include "schedules/options.hpp"

namespace xeras::schedules {

ExponentialDecay::ExponentialDecay(ExponentialDecayOptions options) : Configured(std::move(options)) {
  constexpr const char* who = "ExponentialDecay";
  given(who, "initial_learning_rate", config().initial_learning_rate, "0.1");
  check_steps(who, "decay_steps", config().decay_steps);
  const double decay = given(who, "decay_rate", config().decay_rate, "0.96");
  require(decay >= 0.0, who, "decay_rate", decay, "a finite number >= 0");
}

double ExponentialDecay::operator()(std::int64_t step) const {
  const float share = narrow(step) / narrow(*config().decay_steps);
  const float exponent = config().staircase ? std::floor(share) : share;
  return narrow(*config().initial_learning_rate) * std::pow(narrow(*config().decay_rate), exponent);
}

}  // namespace xeras::schedules
