#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "xeras/core/fields.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/models/history.hpp"

namespace xeras {

class Sequential;

/// What fit calls while it runs.
namespace callbacks {

/// Override what is wanted. Epochs and batches count from 0; logs are those of the epoch or of the batches so far.
///
/// A callback may read the model, predict, evaluate, save, load and set weights, reset states, change the learning
/// rate and stop the training. What would replace what fit works with (compile, fit, add, pop, set_trainable, a move)
/// raises Error. An exception ends fit; the weights are then those of the last whole step.
class XERAS_API Callback {
 public:
  virtual ~Callback() = default;
  /// Before on_train_begin: the names of all scores that an epoch may have, those of validation only where this fit
  /// validates. A callback that waits for another one raises here, before there is any training.
  virtual void check_scores(const Scores& /*reported*/) {}
  virtual void on_train_begin() {}
  virtual void on_train_end() {}
  /// After on_train_begin: the epoch that fit begins with. Here the one it would begin with anyway.
  virtual std::int64_t first_epoch(std::int64_t initial_epoch) { return initial_epoch; }
  virtual void on_epoch_begin(std::int64_t /*epoch*/) {}
  virtual void on_epoch_end(std::int64_t /*epoch*/, const Scores& /*logs*/) {}
  virtual void on_train_batch_begin(std::int64_t /*batch*/) {}
  virtual void on_train_batch_end(std::int64_t /*batch*/, const Scores& /*logs*/) {}

  /// The model in training. Throws Error unless fit is under way.
  Sequential& model() const;
  void set_model(Sequential* model) { model_ = model; }

 private:
  Sequential* model_ = nullptr;
};

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0.0;               ///< a smaller change is no improvement
  Count patience = 0;                   ///< epochs without improvement before training stops
  int verbose = 0;                      ///< 1 tells when and why
  std::string mode = "auto";            ///< "min", "max", or "auto": the direction of the monitored metric
  std::optional<double> baseline = {};  ///< what must be beaten at all
  bool restore_best_weights = false;
  Count start_from_epoch = 0;
};

/// Stops training when a score no longer improves. Epochs without the score, between two validations, do not count.
///
/// Throws  InvalidArgument for an unknown mode, or, before the first epoch, a monitored name that fit does not report,
///         or in mode "auto" a metric without direction
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
  void on_train_end() override;

  /// The epoch at which training was stopped; 0 where it was not.
  std::int64_t stopped_epoch() const { return stopped_epoch_; }
  std::int64_t best_epoch() const { return best_epoch_; }
  double best() const { return best_; }

 private:
  bool improves(double score, double reference) const;

  EarlyStoppingOptions options_;
  bool larger_is_better_ = false;
  std::int64_t wait_ = 0;
  std::int64_t stopped_epoch_ = 0;
  std::int64_t best_epoch_ = 0;
  double best_ = 0.0;
  std::optional<std::vector<Tensor>> best_weights_;
};

}  // namespace callbacks

/// A callback object, which fit works on a copy of, or a std::shared_ptr to one, to look at it afterwards.
class CallbackArgument {
 public:
  template <std::derived_from<callbacks::Callback> C>
  CallbackArgument(C callback) : callback_(std::make_shared<C>(std::move(callback))) {}
  template <std::derived_from<callbacks::Callback> C>
  CallbackArgument(std::shared_ptr<C> callback) : callback_(std::move(callback)) {}
  callbacks::Callback* operator->() const { return callback_.get(); }
  explicit operator bool() const { return callback_ != nullptr; }

 private:
  std::shared_ptr<callbacks::Callback> callback_;
};

}  // namespace xeras
