#include "xeras/callbacks/early_stopping.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/monitor.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {

EarlyStopping::EarlyStopping(EarlyStoppingOptions options) : options_(std::move(options)) {
  check_mode("EarlyStopping", options_.mode);
  if (!std::isfinite(options_.min_delta)) {
    throw InvalidArgument(fmt::format(
        "EarlyStopping: min_delta is {}; expected a finite number. 0 counts every improvement.", options_.min_delta));
  }
  if (options_.patience < 0) {
    throw InvalidArgument(
        fmt::format("EarlyStopping: patience is {}; expected 0 or more, the number of epochs without improvement.",
                    std::int64_t{options_.patience}));
  }
  if (options_.baseline && std::isnan(*options_.baseline)) {
    throw InvalidArgument("EarlyStopping: baseline is nan; expected a score. Leave it out for none.");
  }
}

void EarlyStopping::check_scores(const Scores& reported) {
  check_monitor("EarlyStopping", options_.monitor, reported);
  larger_is_better_ = larger_is_better("EarlyStopping", options_.mode, options_.monitor, model());
}

void EarlyStopping::on_train_begin() {
  wait_ = stopped_epoch_ = best_epoch_ = 0;
  best_weights_.reset();
  best_.reset();
}

void EarlyStopping::on_epoch_end(std::int64_t epoch, const Scores& logs) {
  if (epoch < options_.start_from_epoch || !logs.contains(options_.monitor)) return;
  const double score = logs[options_.monitor];
  if (options_.restore_best_weights && !best_weights_) {
    best_weights_ = model().get_weights();
    best_epoch_ = epoch;
  }
  ++wait_;
  const auto better_than = [&](const std::optional<double>& reference) {
    return improves(score, reference, options_.min_delta, larger_is_better_);
  };
  if (better_than(best_)) {
    best_ = score;
    best_epoch_ = epoch;
    if (options_.restore_best_weights) best_weights_ = model().get_weights();
    if (better_than(options_.baseline)) wait_ = 0;
    return;
  }
  if (wait_ >= options_.patience && epoch > 0) {
    stopped_epoch_ = epoch;
    model().stop_training();
  }
}

void EarlyStopping::on_train_end(const Scores&) {
  if (stopped_epoch_ > 0 && options_.verbose > 0) fmt::print("Epoch {}: early stopping\n", stopped_epoch_ + 1);
  if (best_weights_) {
    if (options_.verbose > 0) {
      fmt::print("Restoring model weights from the end of the best epoch: {}.\n", best_epoch_ + 1);
    }
    model().set_weights(*best_weights_);
  }
}

}  // namespace xeras::callbacks
