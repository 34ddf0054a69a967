#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct CTCOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "ctc";
};
XERAS_FIELDS(CTCOptions, reduction, name)

/// Connectionist temporal classification: minus the logarithm of the probability that the predictions of a sample spell
/// its labels, in any alignment. p (batch, steps, classes) are logits of classes, of which 0 is the blank. y (batch,
/// longest) has the labels 1..classes - 1 of each sample, padded with 0 at the end.
///
///   model.compile("adam", losses::CTC());
///   losses::CTC()({{1, 2}}, {{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}});
///
/// Masked steps are left out, as if the sample were shorter. A sample has the weight of its first step that is not
/// masked. Labels that do not fit into the steps of a sample cost about 1e5, as in Keras with JAX.
///
/// Throws  InvalidInput for other shapes, for labels outside the classes, and for a 0 before another label
/// Source  Graves and others, Connectionist Temporal Classification (ICML 2006)
class XERAS_API CTC final : public LossWith<CTCOptions, Loss> {
 public:
  using LossWith::LossWith;
  double compute(const Targets& targets, float* scratch, float* dp) const override;
  std::int64_t scratch_size(const Targets& targets) const override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;
};

}  // namespace xeras::losses
