#pragma once

#include <optional>

#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

struct CosineDecayRestartsOptions {
  std::optional<double> initial_learning_rate = {};  ///< required
  std::optional<Steps> first_decay_steps = {};       ///< required; the length of the first period
  double t_mul = 2.0;                                ///< each period is so many times as long as the one before it
  double m_mul = 1.0;                                ///< and starts at so many times the rate
  double alpha = 0.0;                                ///< the last rate of a period, as a share of the first
  std::optional<std::string> name = "SGDRDecay";
};
XERAS_FIELDS(CosineDecayRestartsOptions, initial_learning_rate, first_decay_steps, t_mul, m_mul, alpha, name)

/// A learning rate that falls like half a cosine wave from initial_learning_rate to alpha times that, during
/// first_decay_steps, then starts again, and so on.
///
///   model.compile(optimizers::SGD(schedules::CosineDecayRestarts({.initial_learning_rate = 0.1,
///                                                                 .first_decay_steps = 1000})), "mse");
/// Throws  InvalidArgument unless initial_learning_rate and first_decay_steps are given, first_decay_steps > 0,
///         t_mul >= 1, and all numbers are finite
/// Source  keras.optimizers.schedules.CosineDecayRestarts
class XERAS_API CosineDecayRestarts final : public Configured<LearningRateSchedule, CosineDecayRestartsOptions> {
 public:
  explicit CosineDecayRestarts(CosineDecayRestartsOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
