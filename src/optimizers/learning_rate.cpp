#include "xeras/optimizers/learning_rate.hpp"

#include <fmt/format.h>

#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::optimizers {

LearningRate::LearningRate(InverseTimeDecay schedule)
    : rate_(schedule.initial_learning_rate), schedule_(std::move(schedule)) {
  const auto refuse = [](const char* option, double value, const char* expected) {
    throw InvalidArgument(fmt::format("InverseTimeDecay: {} is {}; expected {}.", option, value, expected));
  };
  const double steps = schedule_->decay_steps, decay = schedule_->decay_rate;
  if (!(steps > 0.0 && std::isfinite(steps))) refuse("decay_steps", steps, "a finite number > 0");
  if (!(decay >= 0.0 && std::isfinite(decay))) refuse("decay_rate", decay, "a finite number >= 0");
}

double LearningRate::operator()(std::int64_t steps) const {
  if (!schedule_) return rate_;
  const double share = static_cast<double>(steps) / schedule_->decay_steps;
  return rate_ / (1.0 + schedule_->decay_rate * (schedule_->staircase ? std::floor(share) : share));
}

Value to_value(const LearningRate& rate) {
  if (!rate.schedule()) return rate(0);
  return Value::Dict{{"class_name", "InverseTimeDecay"}, {"config", xeras::to_value(*rate.schedule())}};
}

void from_value(const Value& value, LearningRate& rate, const std::string& path) {
  const Value* class_name = value.find("class_name");
  if (class_name == nullptr) {
    double number = 0.0;
    xeras::from_value(value, number, path);
    rate = number;
    return;
  }
  if (!(*class_name == Value("InverseTimeDecay"))) {
    throw FileError(fmt::format("{}: {}; expected a number or \"InverseTimeDecay\", the only schedule that there is.",
                                path, class_name->to_string()));
  }
  InverseTimeDecay schedule;
  if (const Value* config = value.find("config")) xeras::from_value(*config, schedule, path + ".config");
  rate = std::move(schedule);
}

}  // namespace xeras::optimizers
