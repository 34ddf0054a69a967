#pragma once

#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct NadamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("nadam");
};
XERAS_FIELDS(NadamOptions, learning_rate, beta_1, beta_2, epsilon, weight_decay, XERAS_COMMON_FIELDS)

/// Nadam, Adam with Nesterov momentum: with m and v of Adam, u(t) = beta_1 (1 - 0.96^t / 2) and p = u(1) ... u(t),
/// w -= learning_rate (u(t + 1) m / (1 - p u(t + 1)) + (1 - u(t)) g / (1 - p)) / (sqrt(v / (1 - beta_2^t)) + epsilon).
///
///   model.compile("nadam", "mse");
///   model.compile(optimizers::Nadam({.learning_rate = 1e-4}), "mse");
///
/// Source  keras.optimizers.Nadam; Dozat, cs229.stanford.edu/proj2015/054_report.pdf
class XERAS_API Nadam final : public OptimizerWith<NadamOptions> {
 public:
  explicit Nadam(NadamOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Nadam(L learning_rate) : Nadam(NadamOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // momentum, velocity
  std::vector<Number> numbers() const override { return {{.name = "u_product", .start = 1.0f}}; }
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& stretch) const override;

 private:
  float of_moment_ = 0.0f, of_gradient_ = 0.0f, of_velocity_ = 0.0f;  // the factors of this step
};

}  // namespace xeras::optimizers
