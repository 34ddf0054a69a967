#pragma once

#include <optional>

#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

struct InverseTimeDecayOptions {
  double initial_learning_rate = 0.01;
  Steps decay_steps = 1.0;
  double decay_rate = 0.0;
  bool staircase = false;
  std::optional<std::string> name = "InverseTimeDecay";
};
XERAS_FIELDS(InverseTimeDecayOptions, initial_learning_rate, decay_steps, decay_rate, staircase, name)

/// The learning rate initial_learning_rate / (1 + decay_rate step / decay_steps), where staircase rounds
/// step / decay_steps down. Keras 2 has it as the option `decay` of its optimizers.
///
///   const schedules::InverseTimeDecay decay({.initial_learning_rate = 0.1, .decay_steps = 1000, .decay_rate = 0.5});
///   model.compile(optimizers::Adam(decay), "mse");
/// Throws  InvalidArgument unless decay_steps > 0, decay_rate >= 0, and all numbers are finite
/// Source  keras.optimizers.schedules.InverseTimeDecay
class XERAS_API InverseTimeDecay final : public Configured<LearningRateSchedule, InverseTimeDecayOptions> {
 public:
  explicit InverseTimeDecay(InverseTimeDecayOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
