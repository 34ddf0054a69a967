#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

Value to_value(const Steps& steps) {
  if (steps.is_integer_) return static_cast<std::int64_t>(steps.value_);
  return steps.value_;
}

void from_value(const Value& value, Steps& steps, const std::string& path) {
  xeras::from_value(value, steps.value_, path);
  steps.is_integer_ = value.get_if<std::int64_t>() != nullptr;
}

}  // namespace xeras::schedules
