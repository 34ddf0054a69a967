#include "xeras/optimizers/rmsprop.hpp"

#include <algorithm>

#include "kernels/simd.hpp"

namespace xeras::optimizers {

using kernels::simd;

RMSprop::RMSprop(RMSpropOptions options)
    : OptimizerWith("RMSprop", std::move(options)),
      rho_powers_(static_cast<float>(config().rho)),
      momentum_powers_(static_cast<float>(config().momentum)),
      catch_up_(static_cast<float>(config().momentum)) {
  const RMSpropOptions& given = config();
  require(given.rho >= 0.0 && given.rho <= 1.0, "RMSprop", "rho", given.rho, "a number from 0 to 1");
  require(given.momentum >= 0.0 && given.momentum <= 1.0, "RMSprop", "momentum", given.momentum,
          "a number from 0 to 1");
  require_not_negative("RMSprop", "epsilon", given.epsilon);
}

std::vector<RMSprop::Slot> RMSprop::slots(const Parameter&) const {
  std::vector<Slot> slots{{.name = "velocity", .group = 0}};
  if (config().momentum > 0.0) slots.push_back({.name = "momentum", .group = 1});
  if (config().centered) slots.push_back({.name = "average_gradient", .group = 2});
  return slots;
}

RMSprop::Stretches RMSprop::stretches() const {
  return config().momentum == 0.0 ? Stretches::still_rows : Stretches::moving_rows;
}

// Velocity and average gradient decay by rho, the moment by momentum; w moves by each moment in turn, and with
// weight decay decays in between.
void RMSprop::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  const auto decay = static_cast<float>(rho_powers_(postponed.count));
  simd().scale(decay, part.slots[0], part.size);
  if (config().centered) simd().scale(decay, part.slots[average_slot()], part.size);
  if (config().momentum == 0.0) return;
  const double sum = decays() ? apply_decay(postponed, part, catch_up_.steps()) * catch_up_.sum(postponed.last)
                              : momentum_powers_.sum(postponed.count);
  simd().axpy(static_cast<float>(-sum), part.slots[1], part.w, part.size);
  simd().scale(static_cast<float>(momentum_powers_(postponed.count)), part.slots[1], part.size);
}

void RMSprop::update_postponed(const Step& step, const Postponed& postponed, const Stretch& part) const {
  if (config().momentum != 0.0 || config().centered) return OptimizerWith::update_postponed(step, postponed, part);
  const auto rho = static_cast<float>(config().rho);
  simd().rmsprop_catch_up(part.w, part.slots[0], part.g, part.size, static_cast<float>(step.learning_rate),
                          static_cast<float>(rho_powers_(postponed.count + 1)), 1.0f - rho,
                          static_cast<float>(config().epsilon));
}

void RMSprop::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  const auto rho = static_cast<float>(config().rho);
  const auto epsilon = static_cast<float>(config().epsilon);
  float* const velocity = part.slots[0];
  if (config().momentum == 0.0 && !config().centered) {
    return simd().rmsprop(part.w, velocity, part.g, part.size, rate, rho, epsilon);
  }
  const auto one_minus_rho = static_cast<float>(1.0 - config().rho);
  const auto momentum = static_cast<float>(config().momentum);
  float* const moment = momentum > 0.0f ? part.slots[1] : nullptr;
  float* const average = config().centered ? part.slots[average_slot()] : nullptr;
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    velocity[i] = rho * velocity[i] + one_minus_rho * g * g;
    float variance = velocity[i];
    if (average != nullptr) {
      average[i] = rho * average[i] + one_minus_rho * g;
      variance = std::max(variance - average[i] * average[i], 0.0f);  // rounding may make it negative
    }
    float delta = rate * g / std::sqrt(variance + epsilon);
    if (moment != nullptr) delta = moment[i] = momentum * moment[i] + delta;
    part.w[i] -= delta;
  }
}

}  // namespace xeras::optimizers
