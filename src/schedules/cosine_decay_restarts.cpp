#include "xeras/schedules/cosine_decay_restarts.hpp"

#include <numbers>

#include "schedules/options.hpp"

namespace xeras::schedules {

CosineDecayRestarts::CosineDecayRestarts(CosineDecayRestartsOptions options) : Configured(std::move(options)) {
  constexpr const char* who = "CosineDecayRestarts";
  given(who, "initial_learning_rate", config().initial_learning_rate, "0.1");
  check_steps(who, "first_decay_steps", config().first_decay_steps);
  const double t_mul = config().t_mul;
  require(t_mul >= 1.0 && std::isfinite(t_mul), who, "t_mul", t_mul, "a finite number >= 1");
  require_finite(who, "m_mul", config().m_mul);
  require_finite(who, "alpha", config().alpha);
}

double CosineDecayRestarts::operator()(std::int64_t step) const {
  const float t_mul = narrow(config().t_mul), alpha = narrow(config().alpha);
  float share = narrow(step) / narrow(*config().first_decay_steps);
  float restarts = 0.0f;
  if (t_mul == 1.0f) {
    restarts = std::floor(share);
    share -= restarts;
  } else {
    // The periods before the current one have t_mul^0 + t_mul^1 + ... first periods in all.
    restarts = std::floor(std::log(1.0f - share * (1.0f - t_mul)) / std::log(t_mul));
    const float length = std::pow(t_mul, restarts);
    share = (share - (1.0f - length) / (1.0f - t_mul)) / length;
  }
  const float factor = 0.5f * std::pow(narrow(config().m_mul), restarts);
  const float cosine = factor * (1.0f + std::cos(std::numbers::pi_v<float> * share));
  return narrow(*config().initial_learning_rate) * ((1.0f - alpha) * cosine + alpha);
}

}  // namespace xeras::schedules
