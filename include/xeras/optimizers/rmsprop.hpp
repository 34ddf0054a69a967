#pragma once

#include "xeras/optimizers/momentum_catch_up.hpp"
#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct RMSpropOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.9;
  double momentum = 0.0;
  double epsilon = 1e-7;
  bool centered = false;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("rm_sprop");
};
XERAS_FIELDS(RMSpropOptions, learning_rate, rho, momentum, epsilon, centered, weight_decay, XERAS_COMMON_FIELDS)

/// RMSprop: v = rho v + (1 - rho) g^2 and w -= d, where d = learning_rate g / sqrt(v + epsilon). With centered,
/// a = rho a + (1 - rho) g and v - a^2 replaces v in d. With momentum, m = momentum m + d and w -= m.
///
///   model.compile("rmsprop", "mse");
///   model.compile(optimizers::RMSprop({.learning_rate = 0.01, .momentum = 0.9}), "mse");
///
/// Source  keras.optimizers.RMSprop, as in Keras 3
class XERAS_API RMSprop final : public OptimizerWith<RMSpropOptions> {
 public:
  explicit RMSprop(RMSpropOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit RMSprop(L learning_rate) : RMSprop(RMSpropOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // velocity, then momentum, then average gradient
  Stretches stretches() const override;
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;
  void update_postponed(const Step& step, const Postponed& postponed, const Stretch& stretch) const override;
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
  std::size_t average_slot() const { return config().momentum > 0.0 ? 2 : 1; }

  Powers rho_powers_;
  Powers momentum_powers_;
  MomentumCatchUp catch_up_;  // with weight decay
};

}  // namespace xeras::optimizers
