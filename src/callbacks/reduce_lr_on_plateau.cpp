#include "xeras/callbacks/reduce_lr_on_plateau.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "callbacks/learning_rate.hpp"
#include "callbacks/python_number.hpp"
#include "models/monitor.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions options) : options_(std::move(options)) {
  const auto require = [](bool holds, const char* option, double value, const char* expected) {
    if (!holds) {
      throw InvalidArgument(fmt::format("ReduceLROnPlateau: {} is {}; expected {}.", option, value, expected));
    }
  };
  const auto& [monitor, factor, patience, verbose, mode, min_delta, cooldown, min_lr] = options_;
  require(factor >= 0.0 && factor < 1.0, "factor", factor, "a number in [0, 1), by which the learning rate falls");
  require(patience >= 0, "patience", static_cast<double>(patience),
          "0 or more, the number of epochs without improvement");
  check_mode("ReduceLROnPlateau", mode);
  require(std::isfinite(min_delta), "min_delta", min_delta, "a finite number; 0 counts every improvement");
  require(cooldown >= 0, "cooldown", static_cast<double>(cooldown), "0 or more, a number of epochs");
  require(min_lr >= 0.0 && std::isfinite(min_lr), "min_lr", min_lr, "a finite number >= 0");
}

void ReduceLROnPlateau::check_scores(const Scores& reported) {
  require_settable_rate("ReduceLROnPlateau", model());
  check_monitor("ReduceLROnPlateau", options_.monitor, reported);
  larger_is_better_ = larger_is_better("ReduceLROnPlateau", options_.mode, options_.monitor, model());
}

void ReduceLROnPlateau::add_logs(Scores& logs) { log_learning_rate(model(), logs); }

void ReduceLROnPlateau::on_train_begin() {
  best_.reset();
  wait_ = cooldown_left_ = 0;
}

void ReduceLROnPlateau::on_epoch_end(std::int64_t epoch, const Scores& logs) {
  if (!logs.contains(options_.monitor)) return;
  const double score = logs[options_.monitor];
  if (cooldown_left_ > 0) {
    --cooldown_left_;
    wait_ = 0;
  }
  if (improves(score, best_, options_.min_delta, larger_is_better_)) {
    best_ = score;
    wait_ = 0;
  } else if (cooldown_left_ == 0 && ++wait_ >= options_.patience && reduce(epoch)) {
    cooldown_left_ = options_.cooldown;
    wait_ = 0;
  }
}

// Returns false if the rate is the lowest already.
bool ReduceLROnPlateau::reduce(std::int64_t epoch) {
  const double rate = learning_rate_of(model());
  if (!(rate > static_cast<float>(options_.min_lr))) return false;
  const double lower = std::max(rate * options_.factor, options_.min_lr);
  model().optimizer().set_learning_rate(lower);
  if (options_.verbose > 0) {
    fmt::print("\nEpoch {}: ReduceLROnPlateau reducing learning rate to {}.\n", epoch + 1, python_number(lower));
  }
  return true;
}

}  // namespace xeras::callbacks
