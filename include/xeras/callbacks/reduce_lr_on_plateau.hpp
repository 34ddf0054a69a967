#pragma once

#include <optional>

#include "xeras/callbacks/callback.hpp"
#include "xeras/core/fields.hpp"

namespace xeras::callbacks {

struct ReduceLROnPlateauOptions {
  std::string monitor = "val_loss";
  double factor = 0.1;        ///< the new learning rate is so many times the old one
  Count patience = 10;        ///< epochs without improvement before the rate falls
  int verbose = 0;            ///< 1 reports when it falls
  std::string mode = "auto";  ///< "min", "max", or "auto": the direction of the monitored metric
  double min_delta = 0.0001;  ///< the smallest change that counts as an improvement
  Count cooldown = 0;         ///< epochs after a fall that do not count
  double min_lr = 0.0;        ///< the lowest learning rate
};

/// Lowers the learning rate when a score no longer improves. Logs the rate of each epoch as "learning_rate". Epochs
/// without the score, between two validations, do not count.
///
///   model.fit(x, y, {.callbacks = callbacks::ReduceLROnPlateau({.factor = 0.2, .patience = 5}),
///                    .validation_split = 0.1});
///
/// Throws  InvalidArgument for an invalid option and, before the first epoch, for a learning rate that is a schedule, a
///         monitored name that fit does not report or, in mode "auto", a metric without direction
/// Source  keras.callbacks.ReduceLROnPlateau
class XERAS_API ReduceLROnPlateau final : public Callback {
 public:
  explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options);
  template <std::convertible_to<std::string> S>
  explicit ReduceLROnPlateau(S&& monitor)
      : ReduceLROnPlateau(ReduceLROnPlateauOptions{.monitor = std::forward<S>(monitor)}) {}
  ReduceLROnPlateau() : ReduceLROnPlateau(ReduceLROnPlateauOptions{}) {}

  void check_scores(const Scores& reported) override;
  void add_logs(Scores& logs) override;
  void on_train_begin() override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;

 private:
  bool reduce(std::int64_t epoch);

  ReduceLROnPlateauOptions options_;
  bool larger_is_better_ = false;
  std::optional<double> best_;
  std::int64_t wait_ = 0;
  std::int64_t cooldown_left_ = 0;
};

}  // namespace xeras::callbacks
