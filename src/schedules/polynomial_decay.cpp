#include "xeras/schedules/polynomial_decay.hpp"

#include <algorithm>

#include "schedules/options.hpp"

namespace xeras::schedules {

PolynomialDecay::PolynomialDecay(PolynomialDecayOptions options) : Configured(std::move(options)) {
  constexpr const char* who = "PolynomialDecay";
  given(who, "initial_learning_rate", config().initial_learning_rate, "0.1");
  check_steps(who, "decay_steps", config().decay_steps);
  require_finite(who, "end_learning_rate", config().end_learning_rate);
  require_finite(who, "power", config().power);
}

double PolynomialDecay::operator()(std::int64_t step) const {
  const float end = narrow(config().end_learning_rate);
  float done = narrow(step), all = narrow(*config().decay_steps);
  if (!config().cycle) {
    done = std::min(done, all);
  } else if (done != 0.0f) {
    all *= std::ceil(done / all);
  }
  const float rest = std::pow(1.0f - done / all, narrow(config().power));
  return (narrow(*config().initial_learning_rate) - end) * rest + end;
}

}  // namespace xeras::schedules
