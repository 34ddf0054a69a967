#include "xeras/schedules/cosine_decay.hpp"

#include <algorithm>
#include <numbers>

#include "schedules/options.hpp"

namespace xeras::schedules {

CosineDecay::CosineDecay(CosineDecayOptions options) : Configured(std::move(options)) {
  constexpr const char* who = "CosineDecay";
  given(who, "initial_learning_rate", config().initial_learning_rate, "0.1");
  check_steps(who, "decay_steps", config().decay_steps);
  require_finite(who, "alpha", config().alpha);
  if (config().warmup_target) require_finite(who, "warmup_target", *config().warmup_target);
  const double warmup = config().warmup_steps;
  require(warmup >= 0.0 && std::isfinite(warmup), who, "warmup_steps", warmup, "a finite number >= 0");
}

double CosineDecay::operator()(std::int64_t step) const {
  const float start = narrow(*config().initial_learning_rate), steps = narrow(*config().decay_steps);
  const bool warms_up = config().warmup_target.has_value();
  const float highest = warms_up ? narrow(*config().warmup_target) : start;
  const float warmup = warms_up ? narrow(config().warmup_steps) : 0.0f;
  const float done = std::min(narrow(step), steps + warmup);
  if (done < warmup) return (highest - start) * (done / warmup) + start;
  const float cosine = 0.5f * (1.0f + std::cos(std::numbers::pi_v<float> * ((done - warmup) / steps)));
  return highest * (narrow(1.0 - config().alpha) * cosine + narrow(config().alpha));
}

}  // namespace xeras::schedules
