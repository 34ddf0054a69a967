#pragma once

#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct FtrlOptions {
  LearningRate learning_rate = 0.001;
  double learning_rate_power = -0.5;
  double initial_accumulator_value = 0.1;
  double l1_regularization_strength = 0.0;
  double l2_regularization_strength = 0.0;
  double l2_shrinkage_regularization_strength = 0.0;
  double beta = 0.0;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("ftrl");
};
XERAS_FIELDS(FtrlOptions, learning_rate, learning_rate_power, initial_accumulator_value, l1_regularization_strength,
             l2_regularization_strength, l2_shrinkage_regularization_strength, beta, weight_decay, XERAS_COMMON_FIELDS)

/// Ftrl, "follow the regularized leader", for linear models of many sparse features: with n(a) =
/// a^-learning_rate_power, z += g + 2 l2_shrinkage w - (n(a + g^2) - n(a)) / learning_rate w, a += g^2 and w = (clip(z,
/// -l1, l1) - z) / ((n(a) + beta) / learning_rate + 2 l2), which is 0 where |z| <= l1. Here a starts at
/// initial_accumulator_value, and l1, l2, l2_shrinkage stand for the options with these names in front.
///
///   model.compile("ftrl", "mse");
///   model.compile(optimizers::Ftrl({.learning_rate = 0.1, .l1_regularization_strength = 0.01}), "mse");
///
/// Source  keras.optimizers.Ftrl; McMahan et al., research.google.com/pubs/archive/41159.pdf
class XERAS_API Ftrl final : public OptimizerWith<FtrlOptions> {
 public:
  explicit Ftrl(FtrlOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Ftrl(L learning_rate) : Ftrl(FtrlOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // accumulator, linear
  Stretches stretches() const override;
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;
  bool postpones_decay() const override { return true; }
  bool rests_at_zero() const override { return false; }
  void record(const Step& step) override { last_rate_ = step.learning_rate; }

 private:
  float power(float accumulator) const;
  float weight(double rate, float power, float linear) const;

  double last_rate_ = 0.0;  // that of the last update
};

}  // namespace xeras::optimizers
