#include "xeras/optimizers/sgd.hpp"

#include "kernels/simd.hpp"

namespace xeras::optimizers {

using kernels::simd;

// The powers are those of the kernels' float factor: after many steps, a double would differ visibly.
SGD::SGD(SGDOptions options)
    : OptimizerWith("SGD", std::move(options)),
      momentum_powers_(static_cast<float>(config().momentum)),
      catch_up_(static_cast<float>(config().momentum)) {
  require(config().momentum >= 0.0 && config().momentum <= 1.0, "SGD", "momentum", config().momentum,
          "a number from 0 to 1");
}

std::vector<SGD::Slot> SGD::slots(const Parameter&) const {
  if (config().momentum == 0.0) return {};
  return {{.name = "momentum"}};
}

SGD::Stretches SGD::stretches() const {
  return config().momentum == 0.0 ? Stretches::still_rows : Stretches::moving_rows;
}

// v becomes momentum^n v, and w moves by each v in turn, or with nesterov by momentum times each. With weight decay, it
// decays in between.
void SGD::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  const double by_each = config().nesterov ? momentum_powers_(1) : 1.0;
  const double sum = decays() ? apply_decay(postponed, part, catch_up_.steps()) * catch_up_.sum(postponed.last)
                              : momentum_powers_.sum(postponed.count);
  simd().axpy(static_cast<float>(by_each * sum), part.slots[0], part.w, part.size);
  simd().scale(static_cast<float>(momentum_powers_(postponed.count)), part.slots[0], part.size);
}

void SGD::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  if (config().momentum == 0.0) return simd().sgd(part.w, part.g, part.size, rate);
  simd().sgd_momentum(part.w, part.slots[0], part.g, part.size, rate, static_cast<float>(config().momentum),
                      config().nesterov);
}

}  // namespace xeras::optimizers
