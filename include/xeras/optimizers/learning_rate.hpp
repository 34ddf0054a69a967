#pragma once

#include <concepts>

#include "xeras/schedules/learning_rate_schedule.hpp"

namespace xeras::optimizers {

class LearningRate;

/// An object that computes learning rates from numbers of steps.
template <class S>
concept GivesRates = requires(const S& schedule, std::int64_t step) {
  { schedule(step) } -> std::convertible_to<double>;
};

/// A class of such objects that derives from nothing. (Copies are checked last: for an optimizer, which also takes a
/// LearningRate, the check would depend on itself.)
template <class S>
concept PlainSchedule = GivesRates<S> && !std::same_as<S, LearningRate> &&
                        !std::derived_from<S, schedules::LearningRateSchedule> && std::copy_constructible<S>;

/// The type of the option `learning_rate`: a number, a schedule, or any copyable object that is called with the number
/// of steps. Files record such an object by the name of its class alone; see custom_schedule.
///
///   optimizers::SGD(0.1);
///   optimizers::SGD({.learning_rate = schedules::InverseTimeDecay({.decay_rate = 0.5})});
///   optimizers::SGD([](std::int64_t step) { return 0.1 / (1 + step); });
class XERAS_API LearningRate {
 public:
  template <class T>
  requires std::integral<T> || std::floating_point<T> LearningRate(T rate) : rate_(static_cast<double>(rate)) {}
  template <std::derived_from<schedules::LearningRateSchedule> S>
  LearningRate(S schedule)
      : class_name_(schedule.class_name()), schedule_(std::make_shared<const S>(std::move(schedule))) {}
  template <PlainSchedule S>
  LearningRate(S rates)
      : class_name_(class_name_of(typeid(S))), schedule_(std::make_shared<const Plain<S>>(std::move(rates))) {}

  /// Returns the learning rate after this many steps. Throws InvalidArgument unless the schedule gives a finite number
  /// >= 0.
  double operator()(std::int64_t steps) const { return schedule_ ? scheduled(steps) : rate_; }
  /// Returns null for a number.
  const schedules::LearningRateSchedule* schedule() const { return schedule_.get(); }

  friend XERAS_API Value to_value(const LearningRate& rate);
  friend XERAS_API void from_value(const Value& value, LearningRate& rate, const std::string& path);

 private:
  template <class S>
  class Plain final : public schedules::LearningRateSchedule {
   public:
    explicit Plain(S rates) : rates_(std::move(rates)) {}
    double operator()(std::int64_t step) const override { return static_cast<double>(rates_(step)); }
    Value get_config() const override { return Value::Dict{}; }

   private:
    S rates_;
  };

  double scheduled(std::int64_t steps) const;

  double rate_ = 0.0;
  std::string class_name_;  // of the schedule
  std::shared_ptr<const schedules::LearningRateSchedule> schedule_;
};

}  // namespace xeras::optimizers
