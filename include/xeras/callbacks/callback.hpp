#pragma once

#include "xeras/core/tensor.hpp"
#include "xeras/models/history.hpp"

namespace xeras {

class Sequential;

/// What fit, evaluate and predict call while they run.
namespace callbacks {

/// Override the hooks that you need. Epochs and batches count from 0; logs are the scores so far. The validation of fit
/// calls the hooks of a test.
///
/// A hook may read the model, predict, evaluate, save, load and set weights, reset states, change the learning rate and
/// stop the training. What would replace what the call works with (compile, fit, add, pop, a move, and in training
/// set_trainable) raises Error. An exception ends the call; the weights are then those of the last whole step.
///
/// Source  keras.callbacks.Callback
class XERAS_API Callback {
 public:
  virtual ~Callback() = default;

  virtual void on_train_begin() {}
  /// With the logs of the last epoch.
  virtual void on_train_end(const Scores& /*logs*/) {}
  virtual void on_epoch_begin(std::int64_t /*epoch*/) {}
  /// With the scores of the epoch, and where it validates those of the validation, which begin with "val_".
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
  /// With the predictions of the batch: logs["outputs"] in Keras.
  virtual void on_predict_batch_end(std::int64_t /*batch*/, const Tensor& /*outputs*/) {}

  /// Before on_train_begin: the names of all scores that an epoch may have, those of validation only where this fit
  /// validates. A callback that waits for another one raises here, before there is any training.
  virtual void check_scores(const Scores& /*reported*/) {}
  /// After on_train_begin: the epoch that fit begins with. Here the one it would begin with anyway.
  virtual std::int64_t first_epoch(std::int64_t initial_epoch) { return initial_epoch; }

  /// The model that fit, evaluate or predict works with. Throws Error outside of the hooks.
  Sequential& model() const;
  /// Returns the model before.
  Sequential* set_model(Sequential* model) { return std::exchange(model_, model); }

 private:
  Sequential* model_ = nullptr;
};

}  // namespace callbacks

/// A callback object, of which the call works on a copy, or a std::shared_ptr to one, to look at it afterwards.
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
