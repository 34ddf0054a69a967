#pragma once

#include <optional>

#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

struct ExponentialDecayOptions {
  std::optional<double> initial_learning_rate = {};  ///< required
  std::optional<Steps> decay_steps = {};             ///< required
  std::optional<double> decay_rate = {};             ///< required
  bool staircase = false;
  std::optional<std::string> name = "ExponentialDecay";
};
XERAS_FIELDS(ExponentialDecayOptions, initial_learning_rate, decay_steps, decay_rate, staircase, name)

/// The learning rate initial_learning_rate * decay_rate ^ (step / decay_steps), where staircase rounds
/// step / decay_steps down.
///
///   const schedules::ExponentialDecay decay({.initial_learning_rate = 0.1, .decay_steps = 1000, .decay_rate = 0.96});
///   model.compile(optimizers::SGD(decay), "mse");
/// Throws  InvalidArgument unless all three numbers are given and finite, decay_steps > 0 and decay_rate >= 0
/// Source  keras.optimizers.schedules.ExponentialDecay
class XERAS_API ExponentialDecay final : public Configured<LearningRateSchedule, ExponentialDecayOptions> {
 public:
  explicit ExponentialDecay(ExponentialDecayOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
