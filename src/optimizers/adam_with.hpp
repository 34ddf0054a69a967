#pragma once

// The members of AdamWith, for the sources that instantiate it.

#include <algorithm>

#include "kernels/simd.hpp"
#include "xeras/optimizers/adam.hpp"

namespace xeras::optimizers {

// Returns 1 - beta as the kernel takes it, and the beta that this rounding implies.
inline float one_minus(double beta) { return static_cast<float>(1.0 - beta); }
inline double rounded(double beta) { return 1.0 - one_minus(beta); }

template <class Options>
AdamWith<Options>::AdamWith(const std::string& class_name, Options options)
    : OptimizerWith<Options>(class_name, std::move(options)),
      catch_up_(rounded(this->config().beta_1), rounded(this->config().beta_2)),
      beta_1_powers_(rounded(this->config().beta_1)),
      beta_2_powers_(rounded(this->config().beta_2)) {
  const Options& given = this->config();
  this->require_below_one(class_name, "beta_1", given.beta_1);
  this->require_below_one(class_name, "beta_2", given.beta_2);
  this->require_not_negative(class_name, "epsilon", given.epsilon);
}

template <class Options>
auto AdamWith<Options>::slots(const Parameter&) const -> std::vector<Slot> {
  std::vector<Slot> slots{{.name = "momentum"}, {.name = "velocity"}};
  if (this->config().amsgrad) slots.push_back({.name = "velocity_hat", .group = 1});
  return slots;
}

template <class Options>
void AdamWith<Options>::begin(const Step& step) {
  const auto t = static_cast<double>(step.number);
  // Keras corrects for the betas as floats. For beta_2, that shows in the first steps.
  const double beta_1 = static_cast<float>(this->config().beta_1), beta_2 = static_cast<float>(this->config().beta_2);
  alpha_ = static_cast<float>(step.learning_rate * std::sqrt(1.0 - std::pow(beta_2, t)) / (1.0 - std::pow(beta_1, t)));
}

template <class Options>
void AdamWith<Options>::update(const Step&, const Stretch& part) const {
  const Options& options = this->config();
  const float one_minus_beta_1 = one_minus(options.beta_1), one_minus_beta_2 = one_minus(options.beta_2);
  const auto epsilon = static_cast<float>(options.epsilon);
  float* const m = part.slots[0];
  float* const v = part.slots[1];
  if (!options.amsgrad) {
    return kernels::simd().adam(part.w, m, v, part.g, part.size, alpha_, one_minus_beta_1, one_minus_beta_2, epsilon);
  }
  float* const largest = part.slots[2];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    m[i] += (g - m[i]) * one_minus_beta_1;
    v[i] += (g * g - v[i]) * one_minus_beta_2;
    largest[i] = std::max(largest[i], v[i]);
    part.w[i] -= alpha_ * m[i] / (std::sqrt(largest[i]) + epsilon);
  }
}

template <class Options>
auto AdamWith<Options>::stretches() const -> Stretches {
  return this->config().amsgrad || !catch_up_.exists() ? Stretches::any : Stretches::moving_rows;
}

template <class Options>
void AdamWith<Options>::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  std::array<float, AdamCatchUp::most_terms> c{};
  const double kept = this->apply_decay(postponed, part, catch_up_.steps());
  const auto scaled = [kept](double sum) { return static_cast<float>(kept * sum); };
  std::ranges::transform(catch_up_.coefficients(postponed.last), c.begin(), scaled);
  kernels::simd().adam_catch_up(part.w, part.slots[0], part.slots[1], part.size, c.data(), catch_up_.terms(),
                                static_cast<float>(beta_1_powers_(postponed.count)),
                                static_cast<float>(beta_2_powers_(postponed.count)),
                                static_cast<float>(this->config().epsilon));
}

}  // namespace xeras::optimizers
