#include "xeras/optimizers/learning_rate.hpp"

namespace xeras::optimizers {

Value to_value(const LearningRate& rate) {
  if (rate.schedule() == nullptr) return rate.rate_;
  return Value::Dict{{"class_name", rate.schedule()->class_name()}, {"config", rate.schedule()->get_config()}};
}

void from_value(const Value& value, LearningRate& rate, const std::string& path) {
  rate = 0.0;
  if (value.find("class_name") != nullptr) {
    rate.schedule_ = schedules::LearningRateSchedule::from_config(value, path);
  } else {
    xeras::from_value(value, rate.rate_, path);
  }
}

}  // namespace xeras::optimizers
