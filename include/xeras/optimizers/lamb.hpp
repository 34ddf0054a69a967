#pragma once

#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct LambOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("lamb");
};
XERAS_FIELDS(LambOptions, learning_rate, beta_1, beta_2, epsilon, weight_decay, XERAS_COMMON_FIELDS)

/// Lamb, for large batches: d = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon) with m and v of Adam, and
/// w -= learning_rate |w| / |d| d, with the norms of a whole parameter; without the ratio if a norm is 0.
///
///   model.compile("lamb", "mse");
///   model.compile(optimizers::Lamb({.learning_rate = 0.01, .weight_decay = 0.01}), "mse");
///
/// Source  keras.optimizers.Lamb; You et al., arXiv 1904.00962
class XERAS_API Lamb final : public OptimizerWith<LambOptions> {
 public:
  explicit Lamb(LambOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Lamb(L learning_rate) : Lamb(LambOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // momentum, velocity
  Stretches stretches() const override { return Stretches::whole; }
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& all) const override;

 private:
  double of_moment_ = 0.0, of_velocity_ = 0.0;  // the corrections of this step
};

}  // namespace xeras::optimizers
