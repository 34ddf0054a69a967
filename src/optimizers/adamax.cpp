#include "xeras/optimizers/adamax.hpp"

#include <algorithm>

namespace xeras::optimizers {
namespace {

// Returns beta_1 as 1 - beta_1 in float implies it; beta_2 is used as a float itself.
double rounded_1(double beta) { return 1.0 - static_cast<float>(1.0 - beta); }
double rounded_2(double beta) { return static_cast<float>(beta); }

}  // namespace

// Without gradient, u falls by beta_2, which the root of v does when v falls by its square.
Adamax::Adamax(AdamaxOptions options)
    : OptimizerWith("Adamax", std::move(options)),
      catch_up_(rounded_1(config().beta_1), rounded_2(config().beta_2) * rounded_2(config().beta_2)),
      beta_1_powers_(rounded_1(config().beta_1)),
      beta_2_powers_(rounded_2(config().beta_2)) {
  const AdamaxOptions& given = config();
  require_below_one("Adamax", "beta_1", given.beta_1);
  require(given.beta_2 >= 0.0 && given.beta_2 <= 1.0, "Adamax", "beta_2", given.beta_2, "a number from 0 to 1");
  require_not_negative("Adamax", "epsilon", given.epsilon);
}

std::vector<Adamax::Slot> Adamax::slots(const Parameter&) const { return {{.name = "momentum"}, {.name = "norm"}}; }

Adamax::Stretches Adamax::stretches() const { return catch_up_.exists() ? Stretches::moving_rows : Stretches::any; }

void Adamax::begin(const Step& step) {
  const double power = std::pow(static_cast<float>(config().beta_1), static_cast<double>(step.number));
  alpha_ = static_cast<float>(step.learning_rate / (1.0 - power));
}

void Adamax::update(const Step&, const Stretch& part) const {
  const auto share = static_cast<float>(1.0 - config().beta_1), beta_2 = static_cast<float>(config().beta_2);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const m = part.slots[0];
  float* const u = part.slots[1];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i], size = std::abs(g), fallen = beta_2 * u[i];
    m[i] += (g - m[i]) * share;
    u[i] = size <= fallen ? fallen : size;  // NaN for a gradient of NaN
    part.w[i] -= alpha_ * m[i] / (u[i] + epsilon);
  }
}

// The moves of Adam, with u in place of the root of v: see AdamCatchUp.
void Adamax::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  std::array<float, AdamCatchUp::most_terms> c{};
  const double kept = apply_decay(postponed, part, catch_up_.steps());
  const auto scaled = [kept](double sum) { return static_cast<float>(kept * sum); };
  std::ranges::transform(catch_up_.coefficients(postponed.last), c.begin(), scaled);
  const std::size_t terms = catch_up_.terms();
  const auto m_decay = static_cast<float>(beta_1_powers_(postponed.count));
  const auto u_decay = static_cast<float>(beta_2_powers_(postponed.count));
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const m = part.slots[0];
  float* const u = part.slots[1];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float inverse = 1.0f / (u[i] + epsilon), p = epsilon * inverse;
    float sum = c[terms - 1];
    for (std::size_t k = terms - 1; k-- > 0;) sum = sum * p + c[k];
    part.w[i] -= m[i] * inverse * sum;
    m[i] *= m_decay;
    u[i] *= u_decay;
  }
}

}  // namespace xeras::optimizers
