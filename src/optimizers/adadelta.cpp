#include "xeras/optimizers/adadelta.hpp"

#include "kernels/simd.hpp"

namespace xeras::optimizers {

Adadelta::Adadelta(AdadeltaOptions options)
    : OptimizerWith("Adadelta", std::move(options)), rho_powers_(static_cast<float>(config().rho)) {
  const AdadeltaOptions& given = config();
  require(given.rho >= 0.0 && given.rho <= 1.0, "Adadelta", "rho", given.rho, "a number from 0 to 1");
  require_not_negative("Adadelta", "epsilon", given.epsilon);
}

std::vector<Adadelta::Slot> Adadelta::slots(const Parameter&) const {
  return {{.name = "accumulated_grad"}, {.name = "accumulated_delta_var"}};
}

void Adadelta::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate), epsilon = static_cast<float>(config().epsilon);
  const auto rho = static_cast<float>(config().rho), share = static_cast<float>(1.0 - config().rho);
  float* const a = part.slots[0];
  float* const b = part.slots[1];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    a[i] = rho * a[i] + share * (g * g);
    const float d = std::sqrt(b[i] + epsilon) * g / std::sqrt(a[i] + epsilon);
    b[i] = rho * b[i] + share * (d * d);
    part.w[i] -= rate * d;
  }
}

void Adadelta::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  const auto decay = static_cast<float>(rho_powers_(postponed.count));
  for (float* const slot : part.slots) kernels::simd().scale(decay, slot, part.size);
}

}  // namespace xeras::optimizers
