#pragma once

#include <optional>

#include "xeras/schedules/learning_rate_schedule.hpp"

namespace xeras::schedules {

struct InverseTimeDecayOptions {
  double initial_learning_rate = 0.01;
  double decay_steps = 1.0;
  double decay_rate = 0.0;
  bool staircase = false;
  std::optional<std::string> name = "InverseTimeDecay";
};
XERAS_FIELDS(InverseTimeDecayOptions, initial_learning_rate, decay_steps, decay_rate, staircase, name)

/// initial_learning_rate / (1 + decay_rate step / decay_steps); with staircase step / decay_steps is rounded down. The
/// option `decay` of Keras 2 is this schedule.
/// Throws  InvalidArgument unless decay_steps > 0 and decay_rate >= 0, both finite
/// Source  keras.optimizers.schedules.InverseTimeDecay
class XERAS_API InverseTimeDecay final : public Configured<LearningRateSchedule, InverseTimeDecayOptions> {
 public:
  explicit InverseTimeDecay(InverseTimeDecayOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
