#pragma once

#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct AdafactorOptions {
  LearningRate learning_rate = 0.001;
  double beta_2_decay = -0.8;
  double epsilon_1 = 1e-30;
  double epsilon_2 = 1e-3;
  double clip_threshold = 1.0;
  bool relative_step = true;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("adafactor");
};
XERAS_FIELDS(AdafactorOptions, learning_rate, beta_2_decay, epsilon_1, epsilon_2, clip_threshold, relative_step,
             weight_decay, XERAS_COMMON_FIELDS)

/// Adafactor keeps little state: for a matrix, v is the product of r and c, moving averages of g^2 + epsilon_1 over its
/// columns and rows, with beta_2 = 1 - t^beta_2_decay. With rms the root of a parameter's mean square, u = g / sqrt(v)
/// and rate = max(epsilon_2, rms(w)) min(learning_rate, 1 / sqrt(t)), w -= rate u / max(1, rms(u) / clip_threshold).
/// relative_step is an option of Keras without effect there: the rate has the same minimum either way.
///
///   model.compile("adafactor", "mse");
///   model.compile(optimizers::Adafactor({.learning_rate = 0.01}), "mse");
///
/// Source  keras.optimizers.Adafactor; Shazeer & Stern, arXiv 1804.04235
class XERAS_API Adafactor final : public OptimizerWith<AdafactorOptions> {
 public:
  explicit Adafactor(AdafactorOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Adafactor(L learning_rate) : Adafactor(AdafactorOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // r, c, velocity
  Stretches stretches() const override { return Stretches::whole; }
  void reserve_scratch(const Parameter& parameter) override;
  void update(const Step& step, const Stretch& all) const override;

 private:
  void update_matrix(double beta_2, const float* g, float* r, float* c, float* v, std::size_t rows,
                     std::size_t columns) const;

  mutable std::vector<double> sums_;  // of one matrix, by column
};

}  // namespace xeras::optimizers
