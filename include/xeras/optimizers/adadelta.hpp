#pragma once

#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct AdadeltaOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.95;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("adadelta");
};
XERAS_FIELDS(AdadeltaOptions, learning_rate, rho, epsilon, weight_decay, XERAS_COMMON_FIELDS)

/// Adadelta: a = rho a + (1 - rho) g^2, d = sqrt(b + epsilon) / sqrt(a + epsilon) g, b = rho b + (1 - rho) d^2 and
/// w -= learning_rate d. The original paper has a learning rate of 1.
///
///   model.compile("adadelta", "mse");
///   model.compile(optimizers::Adadelta({.learning_rate = 1.0}), "mse");
///
/// Source  keras.optimizers.Adadelta; Zeiler, arXiv 1212.5701
class XERAS_API Adadelta final : public OptimizerWith<AdadeltaOptions> {
 public:
  explicit Adadelta(AdadeltaOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Adadelta(L learning_rate) : Adadelta(AdadeltaOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // accumulated gradient, accumulated delta
  Stretches stretches() const override { return Stretches::still_rows; }
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;

 private:
  Powers rho_powers_;
};

}  // namespace xeras::optimizers
