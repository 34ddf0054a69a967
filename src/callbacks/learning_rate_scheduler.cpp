#include "xeras/callbacks/learning_rate_scheduler.hpp"

#include <fmt/format.h>

#include <cmath>

#include "callbacks/learning_rate.hpp"
#include "callbacks/python_number.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {

LearningRateScheduler::LearningRateScheduler(LearningRateSchedulerOptions options, Schedule schedule)
    : schedule_(std::move(schedule)), options_(options) {
  if (schedule_) return;
  throw InvalidArgument(
      "LearningRateScheduler: schedule is empty; expected a function of the epoch and the learning rate. Give one.");
}

void LearningRateScheduler::check_scores(const Scores&) { require_settable_rate("LearningRateScheduler", model()); }

void LearningRateScheduler::add_logs(Scores& logs) { log_learning_rate(model(), logs); }

void LearningRateScheduler::on_epoch_begin(std::int64_t epoch) {
  const double rate = schedule_(epoch, learning_rate_of(model()));
  if (!(rate >= 0.0 && std::isfinite(rate))) {
    throw InvalidArgument(
        fmt::format("LearningRateScheduler: the schedule returned {} for epoch {}; expected a finite number >= 0. "
                    "Change the schedule.",
                    rate, epoch));
  }
  model().optimizer().set_learning_rate(rate);
  if (options_.verbose > 0) {
    fmt::print("\nEpoch {}: LearningRateScheduler setting learning rate to {}.\n", epoch + 1, python_number(rate));
  }
}

}  // namespace xeras::callbacks
