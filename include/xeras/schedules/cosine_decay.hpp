#pragma once

#include <optional>

#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

struct CosineDecayOptions {
  std::optional<double> initial_learning_rate = {};  ///< required
  std::optional<Steps> decay_steps = {};             ///< required; without those of the warmup
  double alpha = 0.0;                                ///< the last rate, as a share of the highest
  std::optional<std::string> name = "CosineDecay";
  std::optional<double> warmup_target = {};  ///< default: no warmup, whatever warmup_steps is
  Steps warmup_steps = 0;
};
XERAS_FIELDS(CosineDecayOptions, initial_learning_rate, decay_steps, alpha, name, warmup_target, warmup_steps)

/// A learning rate that falls like half a cosine wave during decay_steps, from initial_learning_rate to alpha times
/// that. With warmup_target, it first rises in a line from initial_learning_rate to warmup_target, during warmup_steps,
/// and then falls from there.
///
///   model.compile(optimizers::Adam(schedules::CosineDecay({.initial_learning_rate = 0.0, .decay_steps = 1000,
///                                                          .warmup_target = 2e-3, .warmup_steps = 100})), "mse");
/// Throws  InvalidArgument unless initial_learning_rate and decay_steps are given, decay_steps > 0, warmup_steps >= 0,
///         and all numbers are finite
/// Source  keras.optimizers.schedules.CosineDecay
class XERAS_API CosineDecay final : public Configured<LearningRateSchedule, CosineDecayOptions> {
 public:
  explicit CosineDecay(CosineDecayOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
