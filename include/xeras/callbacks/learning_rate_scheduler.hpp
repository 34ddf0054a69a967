#pragma once

#include <functional>

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

struct LearningRateSchedulerOptions {
  int verbose = 0;  ///< 1 reports each rate
};

/// Sets the learning rate before each epoch to the result of a function of the epoch, from 0, and the current rate; or
/// of the epoch alone. Logs the rate as "learning_rate".
///
///   const auto schedule = [](std::int64_t epoch, double rate) { return epoch < 10 ? rate : rate * 0.9; };
///   model.fit(x, y, {.epochs = 20, .callbacks = callbacks::LearningRateScheduler(schedule)});
///
/// Throws  InvalidArgument for an empty function, before the first epoch for a learning rate that is a schedule, and
///         for a result that is not a finite number >= 0
/// Source  keras.callbacks.LearningRateScheduler
class XERAS_API LearningRateScheduler final : public Callback {
 public:
  using Schedule = std::function<double(std::int64_t epoch, double rate)>;

  template <class F>
  requires std::is_invocable_r_v<double, const F&, std::int64_t, double>
  explicit LearningRateScheduler(F schedule, LearningRateSchedulerOptions options = {})
      : LearningRateScheduler(options, Schedule(std::move(schedule))) {}
  template <class F>
  requires(std::is_invocable_r_v<double, const F&, std::int64_t> &&
           !std::is_invocable_v<const F&, std::int64_t,
                                double>) explicit LearningRateScheduler(F schedule,
                                                                        LearningRateSchedulerOptions options = {})
      : LearningRateScheduler(options, of_epoch(std::move(schedule))) {}

  void check_scores(const Scores& reported) override;
  void add_logs(Scores& logs) override;
  void on_epoch_begin(std::int64_t epoch) override;

 private:
  LearningRateScheduler(LearningRateSchedulerOptions options, Schedule schedule);
  template <class F>
  static Schedule of_epoch(F schedule) {
    if constexpr (std::is_constructible_v<bool, const F&> && !std::is_empty_v<F>) {
      if (!static_cast<bool>(schedule)) return {};  // an empty std::function, or a null pointer
    }
    return [schedule = std::move(schedule)](std::int64_t epoch, double) { return schedule(epoch); };
  }

  Schedule schedule_;
  LearningRateSchedulerOptions options_;
};

}  // namespace xeras::callbacks
