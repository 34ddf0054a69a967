#pragma once

#include "xeras/optimizers/powers.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct LionOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.99;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("lion");
};
XERAS_FIELDS(LionOptions, learning_rate, beta_1, beta_2, weight_decay, XERAS_COMMON_FIELDS)

/// Lion: w -= learning_rate sign(beta_1 m + (1 - beta_1) g), then m = beta_2 m + (1 - beta_2) g. Its learning rate is
/// usually 3 to 10 times smaller than that of AdamW, and its weight decay as much larger.
///
///   model.compile("lion", "mse");
///   model.compile(optimizers::Lion({.learning_rate = 1e-4, .weight_decay = 0.04}), "mse");
///
/// Source  keras.optimizers.Lion; Chen et al., arXiv 2302.06675
class XERAS_API Lion final : public OptimizerWith<LionOptions> {
 public:
  explicit Lion(LionOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Lion(L learning_rate) : Lion(LionOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override;  // momentum
  Stretches stretches() const override { return Stretches::moving_rows; }
  void update(const Step& step, const Stretch& stretch) const override;
  void apply_postponed(const Postponed& postponed, const Stretch& stretch) const override;
  bool postpones_decay() const override { return true; }
  void reserve_records() override { moves_.reserve(ring); }
  void record(const Step& step) override;
  void clear_records() override { moves_.clear(); }
  std::int64_t max_postponed() const override { return Decays::longest; }

 private:
  static constexpr std::size_t ring = Decays::longest + 1;
  static std::size_t place(std::int64_t t) { return static_cast<std::size_t>(t) % ring; }
  double move(std::int64_t first, std::int64_t last) const;

  Powers beta_2_powers_;
  std::vector<double> moves_;  // the move of a weight by all updates until t of the same sign, by t modulo ring
};

}  // namespace xeras::optimizers
