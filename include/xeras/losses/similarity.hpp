#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct CircleOptions {
  double gamma = 80.0;  ///< scales the loss
  double margin = 0.4;
  bool remove_diagonal = true;  ///< a sample is no neighbour of itself
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "circle";
};
XERAS_FIELDS(CircleOptions, gamma, margin, remove_diagonal, reduction, name)

/// The circle loss of embeddings: samples of one label should be near, others far. y are whole numbers, one for each
/// sample; p are rows of length 1 (see UnitNormalization). With d = max(1 - p_i p_j, 0) for two samples of the batch,
/// the loss of sample i is softplus(log sum exp(gamma (d + margin) (d - margin)) over the j with its label + log sum
/// exp(gamma max(1 + margin - d, 0) (1 - margin - d)) over the other j).
///
/// A sample without one of both kinds of neighbours has loss 0 and does not count in means. Masks and weights concern
/// the loss of sample i; every sample of the batch is a neighbour.
///
///   model.compile("adam", losses::Circle({.gamma = 32.0}));
///   losses::Circle({.gamma = 1.0})({0, 0, 1}, {{1, 0}, {0.6, 0.8}, {0, 1}});
///
/// Throws  InvalidInput unless predictions are (batch, features)
/// Source  Sun and others, Circle Loss (arXiv 2002.10857)
class XERAS_API Circle final : public LossWith<CircleOptions, Loss> {
 public:
  using LossWith::LossWith;
  double compute(const Targets& targets, float* scratch, float* dp) const override;
  std::int64_t scratch_size(const Targets& targets) const override { return 4 * targets.rows; }
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;
};

}  // namespace xeras::losses
