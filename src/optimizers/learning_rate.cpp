#include "xeras/optimizers/learning_rate.hpp"

#include <fmt/format.h>

#include <cmath>

#include "optimizers/custom_schedules.hpp"
#include "xeras/core/error.hpp"

namespace xeras::optimizers {

ScheduleMaker& custom_schedules() {
  thread_local ScheduleMaker maker = nullptr;
  return maker;
}

double LearningRate::scheduled(std::int64_t steps) const {
  const double rate = (*schedule_)(steps);
  if (rate >= 0.0 && std::isfinite(rate)) return rate;
  throw InvalidArgument(
      fmt::format("{}: the learning rate at step {} is {}; expected a finite number >= 0. Change the schedule.",
                  class_name_, steps, rate));
}

Value to_value(const LearningRate& rate) {
  if (rate.schedule() == nullptr) return rate.rate_;
  return Value::Dict{{"class_name", rate.class_name_}, {"config", rate.schedule()->get_config()}};
}

void from_value(const Value& value, LearningRate& rate, const std::string& path) {
  rate = 0.0;
  const Value* const found = value.find("class_name");
  const std::string* const class_name = found != nullptr ? found->get_if<std::string>() : nullptr;
  if (class_name == nullptr) return xeras::from_value(value, rate.rate_, path);
  const Value* const config = value.find("config");
  if (const ScheduleMaker make = custom_schedules()) {
    if (auto own = make(*class_name, config != nullptr ? *config : Value(), path + ".config")) {
      rate = std::move(*own);
      return;
    }
  }
  rate.schedule_ = schedules::LearningRateSchedule::from_config(value, path);
  rate.class_name_ = rate.schedule_->class_name();
}

}  // namespace xeras::optimizers
