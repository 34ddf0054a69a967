#include "xeras/optimizers/lamb.hpp"

namespace xeras::optimizers {

Lamb::Lamb(LambOptions options) : OptimizerWith("Lamb", std::move(options)) {
  const LambOptions& given = config();
  require_below_one("Lamb", "beta_1", given.beta_1);
  require_below_one("Lamb", "beta_2", given.beta_2);
  require_not_negative("Lamb", "epsilon", given.epsilon);
}

std::vector<Lamb::Slot> Lamb::slots(const Parameter&) const { return {{.name = "momentum"}, {.name = "velocity"}}; }

void Lamb::begin(const Step& step) {
  const auto t = static_cast<double>(step.number);
  of_moment_ = 1.0 / (1.0 - std::pow(static_cast<float>(config().beta_1), t));
  of_velocity_ = 1.0 / (1.0 - std::pow(static_cast<float>(config().beta_2), t));
}

void Lamb::update(const Step& step, const Stretch& all) const {
  const auto one_minus_beta_1 = static_cast<float>(1.0 - config().beta_1);
  const auto one_minus_beta_2 = static_cast<float>(1.0 - config().beta_2);
  const auto of_moment = static_cast<float>(of_moment_), of_velocity = static_cast<float>(of_velocity_);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const m = all.slots[0];
  float* const v = all.slots[1];
  const auto direction = [&](std::size_t i) { return of_moment * m[i] / (std::sqrt(of_velocity * v[i]) + epsilon); };
  double w_squares = 0.0, d_squares = 0.0;
  for (std::size_t i = 0; i < all.size; ++i) {
    const float g = all.g[i];
    m[i] += (g - m[i]) * one_minus_beta_1;
    v[i] += (g * g - v[i]) * one_minus_beta_2;
    const double w = all.w[i], d = direction(i);
    w_squares += w * w;
    d_squares += d * d;
  }
  const double ratio = w_squares > 0.0 && d_squares > 0.0 ? std::sqrt(w_squares / d_squares) : 1.0;
  const auto rate = static_cast<float>(ratio * step.learning_rate);
  for (std::size_t i = 0; i < all.size; ++i) all.w[i] -= rate * direction(i);
}

}  // namespace xeras::optimizers
