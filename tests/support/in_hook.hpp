#pragma once

#include <functional>
#include <string>

#include "xeras/models/sequential.hpp"

namespace xeras::testing {

inline constexpr const char* test_hooks[] = {"on_test_begin", "on_test_batch_begin", "on_test_batch_end",
                                             "on_test_end"};
inline constexpr const char* predict_hooks[] = {"on_predict_begin", "on_predict_batch_begin", "on_predict_batch_end",
                                                "on_predict_end"};
// The scores of a fit that validates.
inline constexpr const char* hooks[] = {"on_train_begin",       "first_epoch",        "on_epoch_begin",
                                        "on_train_batch_begin", "on_train_batch_end", "on_test_begin",
                                        "on_test_batch_begin",  "on_test_batch_end",  "on_test_end",
                                        "on_epoch_end",         "on_train_end"};

// A callback that runs a function in one of its hooks, and keeps the weights from before.
class InHook final : public callbacks::Callback {
 public:
  InHook(std::string hook, std::function<void(Sequential&)> run) : hook_(std::move(hook)), run_(std::move(run)) {}
  void on_train_begin() override { at("on_train_begin"); }
  std::int64_t first_epoch(std::int64_t epoch) override {
    at("first_epoch");
    return epoch;
  }
  void on_epoch_begin(std::int64_t) override { at("on_epoch_begin"); }
  void on_train_batch_begin(std::int64_t) override { at("on_train_batch_begin"); }
  void on_train_batch_end(std::int64_t, const Scores&) override { at("on_train_batch_end"); }
  void on_epoch_end(std::int64_t, const Scores&) override { at("on_epoch_end"); }
  void on_train_end(const Scores&) override { at("on_train_end"); }
  void on_test_begin() override { at("on_test_begin"); }
  void on_test_batch_begin(std::int64_t) override { at("on_test_batch_begin"); }
  void on_test_batch_end(std::int64_t, const Scores&) override { at("on_test_batch_end"); }
  void on_test_end(const Scores&) override { at("on_test_end"); }
  void on_predict_begin() override { at("on_predict_begin"); }
  void on_predict_batch_begin(std::int64_t) override { at("on_predict_batch_begin"); }
  void on_predict_batch_end(std::int64_t, const Tensor&) override { at("on_predict_batch_end"); }
  void on_predict_end() override { at("on_predict_end"); }

  std::vector<Tensor> before;

 private:
  void at(const std::string& hook) {
    if (hook != hook_) return;
    before = model().get_weights();
    run_(model());
  }

  std::string hook_;
  std::function<void(Sequential&)> run_;
};

}  // namespace xeras::testing
