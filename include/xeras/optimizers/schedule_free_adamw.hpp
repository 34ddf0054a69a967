#pragma once

#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct ScheduleFreeAdamWOptions {
  LearningRate learning_rate = 0.0025;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-8;
  std::int64_t warmup_steps = 0;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("schedule_free_adam_w");
};
XERAS_FIELDS(ScheduleFreeAdamWOptions, learning_rate, beta_1, beta_2, epsilon, warmup_steps, weight_decay,
             XERAS_COMMON_FIELDS)

/// ScheduleFreeAdamW needs no schedule of learning rates. In update t, v += (1 - beta_2) (g^2 - v) and
/// z -= rate g / (sqrt(v / (1 - beta_2^t)) + epsilon), where rate grows to learning_rate in warmup_steps updates. x is
/// the average of all z, and the weights are w = (1 - beta_1) z + beta_1 x, during training and after it, as in Keras.
///
///   model.compile(optimizers::ScheduleFreeAdamW({.warmup_steps = 100}), "mse");
///
/// Source  keras.optimizers.ScheduleFreeAdamW; Defazio et al., arXiv 2405.15682
class XERAS_API ScheduleFreeAdamW final : public OptimizerWith<ScheduleFreeAdamWOptions> {
 public:
  explicit ScheduleFreeAdamW(ScheduleFreeAdamWOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit ScheduleFreeAdamW(L learning_rate)
      : ScheduleFreeAdamW(ScheduleFreeAdamWOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // momentum, which is z, and velocity
  Stretches stretches() const override { return Stretches::moving_rows; }
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;

 private:
  Powers beta_2_powers_;
  float rate_ = 0.0f, of_velocity_ = 0.0f;  // the factors of this step
};

}  // namespace xeras::optimizers
