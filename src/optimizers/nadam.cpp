#include "xeras/optimizers/nadam.hpp"

namespace xeras::optimizers {

Nadam::Nadam(NadamOptions options) : OptimizerWith("Nadam", std::move(options)) {
  const NadamOptions& given = config();
  require_below_one("Nadam", "beta_1", given.beta_1);
  require_below_one("Nadam", "beta_2", given.beta_2);
  require_not_negative("Nadam", "epsilon", given.epsilon);
}

std::vector<Nadam::Slot> Nadam::slots(const Parameter&) const { return {{.name = "momentum"}, {.name = "velocity"}}; }

void Nadam::begin(const Step& step) {
  const auto t = static_cast<double>(step.number);
  const double beta_1 = static_cast<float>(config().beta_1), beta_2 = static_cast<float>(config().beta_2);
  const double now = beta_1 * (1.0 - 0.5 * std::pow(0.96, t)), next = beta_1 * (1.0 - 0.5 * std::pow(0.96, t + 1.0));
  step.numbers[0] *= static_cast<float>(now);
  const double product = step.numbers[0];
  of_moment_ = static_cast<float>(step.learning_rate * next / (1.0 - product * next));
  of_gradient_ = static_cast<float>(step.learning_rate * (1.0 - now) / (1.0 - product));
  of_velocity_ = static_cast<float>(1.0 / (1.0 - std::pow(beta_2, t)));
}

void Nadam::update(const Step&, const Stretch& part) const {
  const float one_minus_beta_1 = 1.0f - static_cast<float>(config().beta_1);
  const float one_minus_beta_2 = 1.0f - static_cast<float>(config().beta_2);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const m = part.slots[0];
  float* const v = part.slots[1];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    m[i] += (g - m[i]) * one_minus_beta_1;
    v[i] += (g * g - v[i]) * one_minus_beta_2;
    part.w[i] -= (of_moment_ * m[i] + of_gradient_ * g) / (std::sqrt(of_velocity_ * v[i]) + epsilon);
  }
}

}  // namespace xeras::optimizers
