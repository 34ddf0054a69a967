#pragma once

#include <limits>
#include <optional>

#include "xeras/callbacks/callback.hpp"
#include "xeras/core/fields.hpp"

namespace xeras::callbacks {

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0.0;               ///< the smallest change that counts as an improvement
  Count patience = 0;                   ///< epochs without improvement before training stops
  int verbose = 0;                      ///< 1 reports when training stops
  std::string mode = "auto";            ///< "min", "max", or "auto": the direction of the monitored metric
  std::optional<double> baseline = {};  ///< a score must beat it to reset the patience
  bool restore_best_weights = false;
  Count start_from_epoch = 0;
};

/// Stops training when a score no longer improves. Epochs without the score, between two validations, do not count.
///
///   model.fit(x, y, {.callbacks = callbacks::EarlyStopping({.patience = 3}), .validation_split = 0.1});
///
/// Throws  InvalidArgument for an invalid option and, before the first epoch, for a monitored name that fit does not
///         report or, in mode "auto", a metric without direction
/// Source  keras.callbacks.EarlyStopping
class XERAS_API EarlyStopping final : public Callback {
 public:
  explicit EarlyStopping(EarlyStoppingOptions options);
  template <std::convertible_to<std::string> S>
  explicit EarlyStopping(S&& monitor) : EarlyStopping(EarlyStoppingOptions{.monitor = std::forward<S>(monitor)}) {}
  EarlyStopping() : EarlyStopping(EarlyStoppingOptions{}) {}

  void check_scores(const Scores& reported) override;
  void on_train_begin() override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;
  void on_train_end(const Scores& logs) override;

  /// Returns the epoch in which training stopped; 0 if it did not.
  std::int64_t stopped_epoch() const { return stopped_epoch_; }
  std::int64_t best_epoch() const { return best_epoch_; }
  /// Returns the best score; NaN before the first.
  double best() const { return best_.value_or(std::numeric_limits<double>::quiet_NaN()); }

 private:
  EarlyStoppingOptions options_;
  bool larger_is_better_ = false;
  std::int64_t wait_ = 0;
  std::int64_t stopped_epoch_ = 0;
  std::int64_t best_epoch_ = 0;
  std::optional<double> best_;
  std::optional<std::vector<Tensor>> best_weights_;
};

}  // namespace xeras::callbacks
