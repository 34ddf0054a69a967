#pragma once

#include "xeras/core/fields.hpp"

namespace xeras::layers {

/// A number of time steps, such as kernel_size or strides. A configuration stores it as a list, [3], as Keras does, and
/// may also give an integer.
class Steps {
 public:
  Steps() = default;
  template <std::integral I>
  requires(!std::same_as<I, bool>) Steps(I steps) : steps_(static_cast<std::int64_t>(steps)) {}
  operator std::int64_t() const { return steps_; }

 private:
  std::int64_t steps_ = 1;
};

/// The numbers of steps at the two ends of a sequence, for padding and cropping: 2 means 2 at each end, {1, 2} means 1
/// before the first step and 2 after the last. A configuration stores both, [1, 2], and may also give an integer.
class BothEnds {
 public:
  BothEnds() = default;
  template <std::integral I>
  requires(!std::same_as<I, bool>) BothEnds(I steps) : BothEnds(steps, steps) {}
  template <std::integral I, std::integral J>
  requires(!std::same_as<I, bool> && !std::same_as<J, bool>) BothEnds(I before, J after)
      : before_(static_cast<std::int64_t>(before)), after_(static_cast<std::int64_t>(after)) {}

  std::int64_t before() const { return before_; }
  std::int64_t after() const { return after_; }

 private:
  std::int64_t before_ = 0;
  std::int64_t after_ = 0;
};

XERAS_API Value to_value(Steps field);
XERAS_API Value to_value(const BothEnds& field);
XERAS_API void from_value(const Value& value, Steps& field, const std::string& path);
XERAS_API void from_value(const Value& value, BothEnds& field, const std::string& path);

}  // namespace xeras::layers
