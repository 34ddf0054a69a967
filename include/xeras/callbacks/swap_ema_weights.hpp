#pragma once

#include <optional>
#include <vector>

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

struct SwapEMAWeightsOptions {
  bool swap_on_epoch = false;  ///< also from the end of an epoch to the beginning of the next
};

/// Replaces the weights by their averages, which an optimizer with use_ema keeps, during evaluate and predict and the
/// validations of fit. With swap_on_epoch also between epochs, so that the callbacks behind this one save and see the
/// averages.
///
///   model.compile(optimizers::Adam({.use_ema = true}), "mse");
///   model.fit(x, y, {.callbacks = callbacks::SwapEMAWeights(), .validation_split = 0.1});
///
/// Throws  InvalidArgument for an optimizer without use_ema
/// Source  keras.callbacks.SwapEMAWeights
class XERAS_API SwapEMAWeights final : public Callback {
 public:
  explicit SwapEMAWeights(SwapEMAWeightsOptions options = {}) : options_(options) {}

  void check_scores(const Scores& reported) override;
  void on_train_begin() override { own_.reset(); }
  void on_train_end(const Scores& logs) override;
  void on_epoch_begin(std::int64_t epoch) override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;
  void on_test_begin() override { take_averages(); }
  void on_test_end(const Scores&) override { bring_back(); }
  void on_predict_begin() override { take_averages(); }
  void on_predict_end() override { bring_back(); }
  void on_exception() override { bring_back(); }

 private:
  void take_averages();
  void bring_back();

  SwapEMAWeightsOptions options_;
  std::optional<std::vector<std::vector<float>>> own_;  // the weights, while the model has the averages
};

}  // namespace xeras::callbacks
