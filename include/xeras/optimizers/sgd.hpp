#pragma once

#include "xeras/optimizers/momentum_catch_up.hpp"
#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct SGDOptions {
  LearningRate learning_rate = 0.01;
  double momentum = 0.0;
  bool nesterov = false;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("sgd");
};
XERAS_FIELDS(SGDOptions, learning_rate, momentum, nesterov, weight_decay, XERAS_COMMON_FIELDS)

/// Gradient descent: w -= learning_rate g. With momentum, v = momentum v - learning_rate g and w += v, or with nesterov
/// w += momentum v - learning_rate g.
///
///   model.compile(optimizers::SGD(0.1), "mse");
///   model.compile(optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}), "mse");
///
/// Source  keras.optimizers.SGD
class XERAS_API SGD final : public OptimizerWith<SGDOptions> {
 public:
  explicit SGD(SGDOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit SGD(L learning_rate) : SGD(SGDOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // momentum
  Stretches stretches() const override;
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;
  bool postpones_decay() const override { return catch_up_.exists(); }
  void reserve_records() override {
    if (decays() && catch_up_.exists()) catch_up_.reserve();
  }
  void record(const Step& step) override {
    if (decays() && catch_up_.exists()) catch_up_.record(step.number, decay_of(step));
  }
  void clear_records() override { catch_up_.clear(); }

 private:
  bool decays() const { return config().weight_decay.value_or(0.0) != 0.0; }

  Powers momentum_powers_;
  MomentumCatchUp catch_up_;  // with weight decay
};

}  // namespace xeras::optimizers
