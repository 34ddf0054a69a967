#pragma once

#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct AdagradOptions {
  LearningRate learning_rate = 0.001;
  double initial_accumulator_value = 0.1;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("adagrad");
};
XERAS_FIELDS(AdagradOptions, learning_rate, initial_accumulator_value, epsilon, weight_decay, XERAS_COMMON_FIELDS)

/// Adagrad: a += g^2 and w -= learning_rate g / sqrt(a + epsilon), where a starts at initial_accumulator_value.
///
///   model.compile("adagrad", "mse");
///   model.compile(optimizers::Adagrad({.learning_rate = 0.1}), "mse");
///
/// Source  keras.optimizers.Adagrad; Duchi et al., JMLR 12, 2011
class XERAS_API Adagrad final : public OptimizerWith<AdagradOptions> {
 public:
  explicit Adagrad(AdagradOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Adagrad(L learning_rate) : Adagrad(AdagradOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // accumulator
  Stretches stretches() const override { return Stretches::still_rows; }
  void update(const Step& step, const Stretch& stretch) const override;
};

}  // namespace xeras::optimizers
