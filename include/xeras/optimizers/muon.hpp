#pragma once

#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {

struct MuonOptions {
  LearningRate learning_rate = 0.001;
  double adam_beta_1 = 0.9;
  double adam_beta_2 = 0.999;
  std::optional<double> adam_weight_decay = 0.004;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = 0.004;
  XERAS_COMMON_OPTIONS("muon");
  std::vector<std::string> exclude_layers = {};
  bool exclude_embeddings = true;
  double muon_a = 3.4445;
  double muon_b = -4.7750;
  double muon_c = 2.0315;
  double adam_lr_ratio = 1.0;
  double momentum = 0.95;
  std::int64_t ns_steps = 5;
  bool nesterov = true;
  std::optional<double> rms_rate = 0.2;
};
XERAS_FIELDS(MuonOptions, learning_rate, adam_beta_1, adam_beta_2, adam_weight_decay, epsilon, weight_decay,
             XERAS_COMMON_FIELDS, exclude_layers, exclude_embeddings, muon_a, muon_b, muon_c, adam_lr_ratio, momentum,
             ns_steps, nesterov, rms_rate)

/// Muon moves a matrix by an approximation of the nearest orthogonal matrix to its momentum: m = momentum m + g,
/// X = m, or momentum m + g with nesterov, X /= |X| and ns_steps times X = a X + (b X X' + c (X X')^2) X with the
/// options muon_a, muon_b and muon_c; w -= learning_rate rms_rate sqrt(max(rows, columns)) X. Without rms_rate, w moves
/// by learning_rate X.
///
/// Other parameters than matrices, those with "embedding" in their paths unless exclude_embeddings is false, and those
/// in whose paths one of the regular expressions exclude_layers is found, are trained by AdamW with adam_beta_1,
/// adam_beta_2, adam_weight_decay, epsilon, and the learning rate times adam_lr_ratio. Paths are Keras's:
/// "sequential/dense/kernel".
///
///   model.compile(optimizers::Muon({.learning_rate = 0.001, .exclude_layers = {"output"}}), "mse");
///
/// Source  keras.optimizers.Muon; Jordan, github.com/KellerJordan/Muon; rms_rate: Liu et al., arXiv 2502.16982
class XERAS_API Muon final : public OptimizerWith<MuonOptions> {
 public:
  explicit Muon(MuonOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Muon(L learning_rate) : Muon(MuonOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::vector<Slot> slots(const Parameter& parameter) const override;  // momentum, and for AdamW velocity
  Stretches stretches() const override { return Stretches::whole; }
  double weight_decay(const Parameter& parameter) const override;
  void reserve_scratch(const Parameter& parameter) override;
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& all) const override;

 private:
  bool takes_adam(const Parameter& parameter) const;
  void orthogonalize(std::size_t rows, std::size_t columns) const;

  float adam_rate_ = 0.0f;  // the corrected learning rate of this step
  // Scratch of one matrix: X, its next value, X X' or X' X, and two polynomials in it.
  using Floats = std::vector<float, AlignedAllocator<float>>;
  mutable Floats x_, next_, product_, scaled_, sum_;
};

}  // namespace xeras::optimizers
