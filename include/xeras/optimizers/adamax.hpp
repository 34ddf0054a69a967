#pragma once

#include "xeras/optimizers/adam_catch_up.hpp"
#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct AdamaxOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("adamax");
};
XERAS_FIELDS(AdamaxOptions, learning_rate, beta_1, beta_2, epsilon, weight_decay, XERAS_COMMON_FIELDS)

/// Adamax, Adam with the largest gradient in place of the root of v: in update t, m += (1 - beta_1) (g - m),
/// u = max(beta_2 u, |g|) and w -= learning_rate / (1 - beta_1^t) m / (u + epsilon).
///
///   model.compile("adamax", "mse");
///   model.compile(optimizers::Adamax({.learning_rate = 0.002}), "mse");
///
/// Source  keras.optimizers.Adamax; Kingma & Ba, arXiv 1412.6980, section 7
class XERAS_API Adamax final : public OptimizerWith<AdamaxOptions> {
 public:
  explicit Adamax(AdamaxOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Adamax(L learning_rate) : Adamax(AdamaxOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // momentum, norm
  Stretches stretches() const override;
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;
  bool postpones_decay() const override { return true; }
  void reserve_records() override { catch_up_.reserve(); }
  void record(const Step& step) override { catch_up_.record(step.number, alpha_, decay_of(step)); }
  void clear_records() override { catch_up_.clear(); }
  std::int64_t max_postponed() const override { return AdamCatchUp::longest; }

 private:
  AdamCatchUp catch_up_;
  Powers beta_1_powers_;
  Powers beta_2_powers_;
  float alpha_ = 0.0f;  // the corrected learning rate of this step
};

}  // namespace xeras::optimizers
