#include "xeras/optimizers/ftrl.hpp"

#include <algorithm>

namespace xeras::optimizers {

Ftrl::Ftrl(FtrlOptions options) : OptimizerWith("Ftrl", std::move(options)) {
  const FtrlOptions& given = config();
  require(given.learning_rate(0) > 0.0, "Ftrl", "learning_rate", given.learning_rate(0), "a finite number > 0");
  require(given.learning_rate_power <= 0.0 && std::isfinite(given.learning_rate_power), "Ftrl", "learning_rate_power",
          given.learning_rate_power, "a finite number <= 0");
  require_not_negative("Ftrl", "initial_accumulator_value", given.initial_accumulator_value);
  require_not_negative("Ftrl", "l1_regularization_strength", given.l1_regularization_strength);
  require_not_negative("Ftrl", "l2_regularization_strength", given.l2_regularization_strength);
  require_not_negative("Ftrl", "l2_shrinkage_regularization_strength", given.l2_shrinkage_regularization_strength);
  require_not_negative("Ftrl", "beta", given.beta);
}

std::vector<Ftrl::Slot> Ftrl::slots(const Parameter&) const {
  return {{.name = "accumulator", .start = static_cast<float>(config().initial_accumulator_value)}, {.name = "linear"}};
}

// Shrinkage pulls at all rows in every step, more or less for each weight.
Ftrl::Stretches Ftrl::stretches() const {
  return config().l2_shrinkage_regularization_strength == 0.0 ? Stretches::moving_rows : Stretches::any;
}

float Ftrl::power(float accumulator) const {
  const auto exponent = static_cast<float>(-config().learning_rate_power);
  return exponent == 0.5f ? std::sqrt(accumulator) : std::pow(accumulator, exponent);
}

float Ftrl::weight(double rate, float power, float linear) const {
  const auto l1 = static_cast<float>(config().l1_regularization_strength);
  if (std::abs(linear) <= l1) return 0.0f;
  const double more = config().beta / rate + 2.0 * config().l2_regularization_strength;
  return (std::clamp(linear, -l1, l1) - linear) / (power / static_cast<float>(rate) + static_cast<float>(more));
}

void Ftrl::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  const auto shrinkage = static_cast<float>(2.0 * config().l2_shrinkage_regularization_strength);
  float* const accumulator = part.slots[0];
  float* const linear = part.slots[1];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i], w = part.w[i], before = power(accumulator[i]);
    accumulator[i] += g * g;
    const float after = power(accumulator[i]);
    linear[i] += g + shrinkage * w - (after - before) / rate * w;
    part.w[i] = weight(step.learning_rate, after, linear[i]);
  }
}

// Every update sets a weight from its slots, which stay as they are without gradient.
void Ftrl::apply_postponed(const Postponed&, const Stretch& part) const {
  for (std::size_t i = 0; i < part.size; ++i) {
    part.w[i] = weight(last_rate_, power(part.slots[0][i]), part.slots[1][i]);
  }
}

}  // namespace xeras::optimizers
