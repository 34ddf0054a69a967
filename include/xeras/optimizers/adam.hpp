#pragma once

#include "xeras/optimizers/adam_catch_up.hpp"
#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct XERAS_API AdamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("adam");
};
XERAS_FIELDS(AdamOptions, learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, XERAS_COMMON_FIELDS)

/// The base class of Adam and AdamW, whose options differ only in order and defaults.
template <class Options>
class XERAS_API AdamWith : public OptimizerWith<Options> {
 protected:
  using typename RuleOptimizer::Postponed;
  using typename RuleOptimizer::Slot;
  using typename RuleOptimizer::Step;
  using typename RuleOptimizer::Stretch;
  using typename RuleOptimizer::Stretches;

  AdamWith(const std::string& class_name, Options options);
  std::vector<Slot> slots(const Parameter&) const override;  // momentum, velocity, then the largest velocity
  Stretches stretches() const override;
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;
  bool postpones_decay() const override { return true; }
  void reserve_records() override { catch_up_.reserve(); }
  void record(const Step& step) override { catch_up_.record(step.number, alpha_, this->decay_of(step)); }
  void clear_records() override { catch_up_.clear(); }
  std::int64_t max_postponed() const override { return AdamCatchUp::longest; }

 private:
  AdamCatchUp catch_up_;
  Powers beta_1_powers_;
  Powers beta_2_powers_;
  float alpha_ = 0.0f;  // the corrected learning rate of this step
};

/// Adam: in update t, m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v) and
/// w -= learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon). With amsgrad the largest v so far
/// replaces v.
///
///   model.compile("adam", "mse");
///   model.compile(optimizers::Adam({.learning_rate = 1e-4, .amsgrad = true}), "mse");
///
/// Source  keras.optimizers.Adam; Kingma & Ba, arXiv 1412.6980; amsgrad: Reddi et al., arXiv 1904.09237
class XERAS_API Adam final : public AdamWith<AdamOptions> {
 public:
  explicit Adam(AdamOptions options = {}) : AdamWith("Adam", std::move(options)) {}
  template <std::convertible_to<LearningRate> L>
  explicit Adam(L learning_rate) : Adam(AdamOptions{.learning_rate = std::move(learning_rate)}) {}
};
extern template class AdamWith<AdamOptions>;

}  // namespace xeras::optimizers
