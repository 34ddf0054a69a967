#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>

#include "xeras/core/error.hpp"

namespace xeras::schedules {

// Throws InvalidArgument, `<who>: <option> is <value>; expected <expected>.`, unless `holds`.
inline void require(bool holds, const char* who, const char* option, double value, const char* expected) {
  if (!holds) throw InvalidArgument(fmt::format("{}: {} is {}; expected {}.", who, option, value, expected));
}

inline void require_finite(const char* who, const char* option, double value) {
  require(std::isfinite(value), who, option, value, "a finite number");
}

// Returns an option that has no default. Throws InvalidArgument if it is missing or not finite.
template <class T>
double given(const char* who, const char* option, const std::optional<T>& value, const char* example) {
  if (!value) {
    throw InvalidArgument(
        fmt::format("{0}: {1} is missing; expected a number. Give one, such as .{1} = {2}.", who, option, example));
  }
  require_finite(who, option, *value);
  return *value;
}

// Checks decay_steps and options like it.
template <class T>
void check_steps(const char* who, const char* option, const std::optional<T>& value) {
  const double steps = given(who, option, value, "1000");
  require(steps > 0.0, who, option, steps, "a finite number > 0");
}

// Schedules compute in float32, as Keras does: its rounding of large steps decides where periods end.
inline float narrow(double value) { return static_cast<float>(value); }
inline float narrow(std::int64_t value) { return static_cast<float>(value); }

}  // namespace xeras::schedules
