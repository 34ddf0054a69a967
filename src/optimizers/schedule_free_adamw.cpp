#include "xeras/optimizers/schedule_free_adamw.hpp"

#include <algorithm>

#include "kernels/simd.hpp"

namespace xeras::optimizers {

ScheduleFreeAdamW::ScheduleFreeAdamW(ScheduleFreeAdamWOptions options)
    : OptimizerWith("ScheduleFreeAdamW", std::move(options)), beta_2_powers_(static_cast<float>(config().beta_2)) {
  const ScheduleFreeAdamWOptions& given = config();
  const char* const name = "ScheduleFreeAdamW";
  require(given.beta_1 > 0.0 && given.beta_1 <= 1.0, name, "beta_1", given.beta_1, "a number in (0, 1]");
  require_below_one(name, "beta_2", given.beta_2);
  require_not_negative(name, "epsilon", given.epsilon);
  require(given.warmup_steps >= 0, name, "warmup_steps", static_cast<double>(given.warmup_steps), "an integer >= 0");
}

std::vector<ScheduleFreeAdamW::Slot> ScheduleFreeAdamW::slots(const Parameter&) const {
  return {{.name = "momentum", .copies = true}, {.name = "velocity"}};
}

void ScheduleFreeAdamW::begin(const Step& step) {
  const auto t = static_cast<double>(step.number);
  const auto warmup = static_cast<double>(config().warmup_steps);
  rate_ = static_cast<float>(step.learning_rate * (warmup > 0.0 ? std::min(t / warmup, 1.0) : 1.0));
  of_velocity_ = static_cast<float>(1.0 / (1.0 - std::pow(static_cast<float>(config().beta_2), t)));
}

void ScheduleFreeAdamW::update(const Step& step, const Stretch& part) const {
  const auto beta_1 = static_cast<float>(config().beta_1), epsilon = static_cast<float>(config().epsilon);
  const float one_minus_beta_2 = 1.0f - static_cast<float>(config().beta_2);
  const float share = 1.0f / static_cast<float>(step.number);
  float* const z = part.slots[0];
  float* const v = part.slots[1];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i], x = (part.w[i] - (1.0f - beta_1) * z[i]) / beta_1;
    v[i] += (g * g - v[i]) * one_minus_beta_2;
    z[i] -= rate_ * g / (std::sqrt(of_velocity_ * v[i]) + epsilon);
    part.w[i] = (1.0f - beta_1) * z[i] + beta_1 * ((1.0f - share) * x + share * z[i]);
  }
}

// Without gradient z stays, and w - z, which is beta_1 (x - z), falls by (t - 1) / t in update t.
void ScheduleFreeAdamW::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  const auto last = static_cast<double>(postponed.last);
  const auto left = static_cast<float>(last / (last + static_cast<double>(postponed.count)));
  float* const z = part.slots[0];
  for (std::size_t i = 0; i < part.size; ++i) part.w[i] = z[i] + left * (part.w[i] - z[i]);
  kernels::simd().scale(static_cast<float>(beta_2_powers_(postponed.count)), part.slots[1], part.size);
}

}  // namespace xeras::optimizers
