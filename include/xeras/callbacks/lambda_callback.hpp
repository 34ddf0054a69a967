#pragma once

#include <functional>

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

/// The hooks of a LambdaCallback. Those that are left out do nothing.
struct LambdaCallbackOptions {
  std::function<void(std::int64_t epoch)> on_epoch_begin = {};
  std::function<void(std::int64_t epoch, const Scores& logs)> on_epoch_end = {};
  std::function<void()> on_train_begin = {};
  std::function<void(const Scores& logs)> on_train_end = {};
  std::function<void(std::int64_t batch)> on_train_batch_begin = {};
  std::function<void(std::int64_t batch, const Scores& logs)> on_train_batch_end = {};
  std::function<void()> on_test_begin = {};
  std::function<void(const Scores& logs)> on_test_end = {};
  std::function<void(std::int64_t batch)> on_test_batch_begin = {};
  std::function<void(std::int64_t batch, const Scores& logs)> on_test_batch_end = {};
  std::function<void()> on_predict_begin = {};
  std::function<void()> on_predict_end = {};
  std::function<void(std::int64_t batch)> on_predict_batch_begin = {};
  std::function<void(std::int64_t batch, const Tensor& outputs)> on_predict_batch_end = {};
};

/// A callback of functions.
///
///   const auto print = [](std::int64_t epoch, const Scores& logs) { std::cout << epoch << ' ' << logs["loss"]; };
///   model.fit(x, y, {.callbacks = callbacks::LambdaCallback({.on_epoch_end = print})});
///
/// Source  keras.callbacks.LambdaCallback
class XERAS_API LambdaCallback final : public Callback {
 public:
  explicit LambdaCallback(LambdaCallbackOptions hooks) : hooks_(std::move(hooks)) {}

  void on_train_begin() override { run(hooks_.on_train_begin); }
  void on_train_end(const Scores& logs) override { run(hooks_.on_train_end, logs); }
  void on_epoch_begin(std::int64_t epoch) override { run(hooks_.on_epoch_begin, epoch); }
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override { run(hooks_.on_epoch_end, epoch, logs); }
  void on_train_batch_begin(std::int64_t batch) override { run(hooks_.on_train_batch_begin, batch); }
  void on_train_batch_end(std::int64_t batch, const Scores& logs) override {
    run(hooks_.on_train_batch_end, batch, logs);
  }

  void on_test_begin() override { run(hooks_.on_test_begin); }
  void on_test_end(const Scores& logs) override { run(hooks_.on_test_end, logs); }
  void on_test_batch_begin(std::int64_t batch) override { run(hooks_.on_test_batch_begin, batch); }
  void on_test_batch_end(std::int64_t batch, const Scores& logs) override {
    run(hooks_.on_test_batch_end, batch, logs);
  }

  void on_predict_begin() override { run(hooks_.on_predict_begin); }
  void on_predict_end() override { run(hooks_.on_predict_end); }
  void on_predict_batch_begin(std::int64_t batch) override { run(hooks_.on_predict_batch_begin, batch); }
  void on_predict_batch_end(std::int64_t batch, const Tensor& outputs) override {
    run(hooks_.on_predict_batch_end, batch, outputs);
  }

 private:
  static void run(const auto& hook, const auto&... arguments) {
    if (hook) hook(arguments...);
  }

  LambdaCallbackOptions hooks_;
};

}  // namespace xeras::callbacks
