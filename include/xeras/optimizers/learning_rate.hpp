#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

#include "xeras/core/fields.hpp"

namespace xeras::optimizers {

/// A learning rate that falls: initial_learning_rate / (1 + decay_rate * steps / decay_steps), where steps are those
/// that training has done; with staircase steps / decay_steps is rounded down. What `decay` was in Keras 2.
/// Source  keras.optimizers.schedules.InverseTimeDecay
struct InverseTimeDecay {
  double initial_learning_rate = 0.01;
  double decay_steps = 1.0;
  double decay_rate = 0.0;
  bool staircase = false;
  std::optional<std::string> name = "InverseTimeDecay";
};
XERAS_FIELDS(InverseTimeDecay, initial_learning_rate, decay_steps, decay_rate, staircase, name)

/// The type of the options `learning_rate`: a number, or a schedule.
class XERAS_API LearningRate {
 public:
  template <class T>
  requires std::integral<T> || std::floating_point<T> LearningRate(T rate) : rate_(static_cast<double>(rate)) {}
  /// Throws InvalidArgument unless decay_steps > 0 and decay_rate >= 0, both finite.
  LearningRate(InverseTimeDecay schedule);

  /// After so many steps.
  double operator()(std::int64_t steps) const;
  const std::optional<InverseTimeDecay>& schedule() const { return schedule_; }

  friend XERAS_API Value to_value(const LearningRate& rate);
  friend XERAS_API void from_value(const Value& value, LearningRate& rate, const std::string& path);

 private:
  double rate_;  // at first
  std::optional<InverseTimeDecay> schedule_;
};

}  // namespace xeras::optimizers
