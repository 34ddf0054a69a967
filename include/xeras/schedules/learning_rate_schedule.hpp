#pragma once

#include <cstdint>

#include "xeras/core/named.hpp"

namespace xeras::schedules {

/// A learning rate that depends on the number of steps. Optimizers take a schedule in place of a number:
///
///   optimizers::SGD({.learning_rate = schedules::InverseTimeDecay({.decay_rate = 0.5})});
class XERAS_API LearningRateSchedule : public Configurable {
 public:
  /// Returns the learning rate after `step` training steps.
  virtual double operator()(std::int64_t step) const = 0;

  static std::shared_ptr<const LearningRateSchedule> from_config(const Value& value, const std::string& path);
};

}  // namespace xeras::schedules
