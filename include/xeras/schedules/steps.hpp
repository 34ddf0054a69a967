#pragma once

#include "xeras/core/fields.hpp"

namespace xeras::schedules {

/// A number of steps among the options of a schedule, of any integer or floating-point type. Files keep integers as
/// such.
///
///   schedules::CosineDecay({.initial_learning_rate = 0.1, .decay_steps = epochs * x.shape()[0] / 32});
class XERAS_API Steps {
 public:
  Steps() = default;
  template <Number N>
  Steps(N steps) : value_(static_cast<double>(steps)), is_integer_(std::integral<N>) {}
  operator double() const { return value_; }

  friend XERAS_API Value to_value(const Steps& steps);
  friend XERAS_API void from_value(const Value& value, Steps& steps, const std::string& path);

 private:
  double value_ = 0.0;
  bool is_integer_ = true;
};

}  // namespace xeras::schedules
