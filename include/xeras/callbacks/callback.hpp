#pragma once

#include "xeras/core/tensor.hpp"
#include "xeras/models/history.hpp"

namespace xeras {

class Sequential;

/// Callbacks: objects whose hooks fit, evaluate and predict call while they run.
namespace callbacks {

/// The base class of callbacks. Override the hooks that you need. Epochs and batches count from 0; logs are the scores
/// so far. With steps_per_execution = n of compile, the hooks of batches are called for n batches: those of the begin
/// with the first one, those of the end with the n-th, even if the data ends before it. The validation in fit calls the
/// test hooks.
///
///   struct Log : callbacks::Callback { void on_epoch_end(std::int64_t epoch, const Scores& logs) override; };
///   model.fit(x, y, {.callbacks = Log()});
///
/// A hook may read the model, predict, evaluate, save, load and set weights, reset states, change the learning rate and
/// stop training. Members that replace what the call uses (compile, fit, add, pop, a move, and in training
/// set_trainable) throw Error. An exception ends the call; the weights are then those of the last complete step.
///
/// Source  keras.callbacks.Callback
class XERAS_API Callback {
 public:
  virtual ~Callback() = default;

  virtual void on_train_begin() {}
  /// Receives the logs of the last epoch.
  virtual void on_train_end(const Scores& /*logs*/) {}
  virtual void on_epoch_begin(std::int64_t /*epoch*/) {}
  /// Receives the scores of the epoch and, if it validates, those of the validation, prefixed with "val_".
  virtual void on_epoch_end(std::int64_t /*epoch*/, const Scores& /*logs*/) {}
  virtual void on_train_batch_begin(std::int64_t /*batch*/) {}
  virtual void on_train_batch_end(std::int64_t /*batch*/, const Scores& /*logs*/) {}

  virtual void on_test_begin() {}
  virtual void on_test_end(const Scores& /*logs*/) {}
  virtual void on_test_batch_begin(std::int64_t /*batch*/) {}
  virtual void on_test_batch_end(std::int64_t /*batch*/, const Scores& /*logs*/) {}

  virtual void on_predict_begin() {}
  virtual void on_predict_end() {}
  virtual void on_predict_batch_begin(std::int64_t /*batch*/) {}
  /// Receives the predictions of the batch, or of the n batches: logs["outputs"] in Keras.
  virtual void on_predict_batch_end(std::int64_t /*batch*/, const Tensor& /*outputs*/) {}

  /// Receives, before on_train_begin, the names of all scores that an epoch may have; those of the validation only if
  /// this fit validates. A callback that needs another score throws here, before training begins.
  virtual void check_scores(const Scores& /*reported*/) {}
  /// Adds scores to the logs of an epoch, or changes them, before on_epoch_end. This callback, those after it and the
  /// History receive them. fit also calls it before training, to learn the names of the scores.
  virtual void add_logs(Scores& /*logs*/) {}
  /// Returns the epoch that fit begins with. Called after on_train_begin.
  virtual std::int64_t first_epoch(std::int64_t initial_epoch) { return initial_epoch; }
  /// Returns how many batches at the beginning of an epoch fit skips, because an interrupted fit has trained them.
  /// Called after on_epoch_begin.
  virtual std::int64_t first_batch() { return 0; }
  /// Called after fit has skipped batches, before the next one.
  virtual void on_batches_skipped() {}
  /// Called when an exception ends the call, in place of the hooks that would follow. Exceptions from it are lost.
  virtual void on_exception() {}

  /// Returns the model of the running fit, evaluate or predict. Throws Error outside of the hooks.
  Sequential& model() const;
  /// Returns the previous model.
  Sequential* set_model(Sequential* model) { return std::exchange(model_, model); }

 private:
  Sequential* model_ = nullptr;
};

}  // namespace callbacks

/// A callback object, which is copied, or a std::shared_ptr to one, which can be read after the call:
///
///   const auto stopping = std::make_shared<callbacks::EarlyStopping>();
///   model.fit(x, y, {.callbacks = stopping, .validation_split = 0.1});  // then: stopping->stopped_epoch()
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
