#include <algorithm>
#include <cmath>

#include "kernels/simd.hpp"
#include "xeras/optimizers.hpp"

namespace xeras::optimizers {
namespace {

using kernels::simd;

float one_minus(double beta) { return static_cast<float>(1.0 - beta); }

// What the kernel's beta is, in which 1 - beta is a float.
double rounded(double beta) { return 1.0 - one_minus(beta); }

}  // namespace

Adam::Adam(AdamOptions options)
    : OptimizerWith("Adam", std::move(options)),
      rest_(rounded(config().beta_1), rounded(config().beta_2)),
      beta_1_powers_(rounded(config().beta_1)),
      beta_2_powers_(rounded(config().beta_2)) {
  const AdamOptions& given = config();
  require(given.beta_1 >= 0.0 && given.beta_1 < 1.0, "Adam", "beta_1", given.beta_1, "a number in [0, 1)");
  require(given.beta_2 >= 0.0 && given.beta_2 < 1.0, "Adam", "beta_2", given.beta_2, "a number in [0, 1)");
  require(given.epsilon >= 0.0 && std::isfinite(given.epsilon), "Adam", "epsilon", given.epsilon,
          "a finite number >= 0");
}

std::size_t Adam::slot_count() const { return config().amsgrad ? 3 : 2; }

std::vector<std::string> Adam::slot_names() const {
  std::vector<std::string> names{"momentum", "velocity"};
  if (config().amsgrad) names.emplace_back("velocity_hat");
  return names;
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

Adam::AtRest Adam::at_rest() const { return config().amsgrad || !rest_.exists() ? AtRest::stepwise : AtRest::moving; }

void Adam::rest(const Rest& rest, const Stretch& part) const {
  std::array<float, AdamRest::most_terms> c{};
  std::ranges::copy(rest_.coefficients(rest.begin), c.begin());
  simd().adam_rest(part.w, part.slots[0], part.slots[1], part.size, c.data(), rest_.terms(),
                   static_cast<float>(beta_1_powers_(rest.steps)), static_cast<float>(beta_2_powers_(rest.steps)),
                   static_cast<float>(config().epsilon));
}

void Adam::remember(const Step& step) { rest_.remember(step.number, alpha_); }

void Adam::forget() { rest_.forget(); }

std::int64_t Adam::longest_rest() const { return AdamRest::longest; }

}  // namespace xeras::optimizers
