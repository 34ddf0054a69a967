#pragma once

#include <concepts>

#include "xeras/schedules/learning_rate_schedule.hpp"

namespace xeras::optimizers {

/// The type of the option `learning_rate`: a number or a schedule.
///
///   optimizers::SGD(0.1);
///   optimizers::SGD({.learning_rate = schedules::InverseTimeDecay({.decay_rate = 0.5})});
class XERAS_API LearningRate {
 public:
  template <class T>
  requires std::integral<T> || std::floating_point<T> LearningRate(T rate) : rate_(static_cast<double>(rate)) {}
  template <std::derived_from<schedules::LearningRateSchedule> S>
  LearningRate(S schedule) : schedule_(std::make_shared<const S>(std::move(schedule))) {}

  /// Returns the learning rate after this many steps.
  double operator()(std::int64_t steps) const { return schedule_ ? (*schedule_)(steps) : rate_; }
  /// Returns null for a number.
  const schedules::LearningRateSchedule* schedule() const { return schedule_.get(); }

  friend XERAS_API Value to_value(const LearningRate& rate);
  friend XERAS_API void from_value(const Value& value, LearningRate& rate, const std::string& path);

 private:
  double rate_ = 0.0;
  std::shared_ptr<const schedules::LearningRateSchedule> schedule_;
};

}  // namespace xeras::optimizers
