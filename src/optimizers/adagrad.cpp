#include "xeras/optimizers/adagrad.hpp"

namespace xeras::optimizers {

Adagrad::Adagrad(AdagradOptions options) : OptimizerWith("Adagrad", std::move(options)) {
  const AdagradOptions& given = config();
  require_not_negative("Adagrad", "initial_accumulator_value", given.initial_accumulator_value);
  require_not_negative("Adagrad", "epsilon", given.epsilon);
}

std::vector<Adagrad::Slot> Adagrad::slots(const Parameter&) const {
  return {{.name = "accumulator", .start = static_cast<float>(config().initial_accumulator_value)}};
}

void Adagrad::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate), epsilon = static_cast<float>(config().epsilon);
  float* const a = part.slots[0];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    a[i] += g * g;
    part.w[i] -= rate * g / std::sqrt(a[i] + epsilon);
  }
}

}  // namespace xeras::optimizers
