#include "xeras/optimizers/adam.hpp"

#include <algorithm>

#include "kernels/simd.hpp"

namespace xeras::optimizers {
namespace {

using kernels::simd;

float one_minus(double beta) { return static_cast<float>(1.0 - beta); }

// Returns the beta that the kernel uses, which rounds 1 - beta to float.
double rounded(double beta) { return 1.0 - one_minus(beta); }

}  // namespace

Adam::Adam(AdamOptions options)
    : OptimizerWith("Adam", std::move(options)),
      catch_up_(rounded(config().beta_1), rounded(config().beta_2)),
      beta_1_powers_(rounded(config().beta_1)),
      beta_2_powers_(rounded(config().beta_2)) {
  const AdamOptions& given = config();
  require(given.beta_1 >= 0.0 && given.beta_1 < 1.0, "Adam", "beta_1", given.beta_1, "a number in [0, 1)");
  require(given.beta_2 >= 0.0 && given.beta_2 < 1.0, "Adam", "beta_2", given.beta_2, "a number in [0, 1)");
  require(given.epsilon >= 0.0 && std::isfinite(given.epsilon), "Adam", "epsilon", given.epsilon,
          "a finite number >= 0");
}

std::vector<Adam::Slot> Adam::slots(const Parameter&) const {
  std::vector<Slot> slots{{.name = "momentum"}, {.name = "velocity"}};
  if (config().amsgrad) slots.push_back({.name = "velocity_hat", .group = 1});
  return slots;
}

void Adam::begin(const Step& step) {
  const auto t = static_cast<double>(step.number);
  alpha_ = static_cast<float>(step.learning_rate * std::sqrt(1.0 - std::pow(config().beta_2, t)) /
                              (1.0 - std::pow(config().beta_1, t)));
}

void Adam::update(const Step&, const Stretch& part) const {
  const float one_minus_beta_1 = one_minus(config().beta_1), one_minus_beta_2 = one_minus(config().beta_2);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const m = part.slots[0];
  float* const v = part.slots[1];
  if (!config().amsgrad) {
    return simd().adam(part.w, m, v, part.g, part.size, alpha_, one_minus_beta_1, one_minus_beta_2, epsilon);
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

Adam::Stretches Adam::stretches() const {
  return config().amsgrad || !catch_up_.exists() ? Stretches::any : Stretches::moving_rows;
}

void Adam::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  std::array<float, AdamCatchUp::most_terms> c{};
  std::ranges::copy(catch_up_.coefficients(postponed.last), c.begin());
  simd().adam_catch_up(part.w, part.slots[0], part.slots[1], part.size, c.data(), catch_up_.terms(),
                       static_cast<float>(beta_1_powers_(postponed.count)),
                       static_cast<float>(beta_2_powers_(postponed.count)), static_cast<float>(config().epsilon));
}

}  // namespace xeras::optimizers
