#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras {

// The targets that a loss or a metric accepts, and the names in its messages.
struct TargetRules {
  TargetKind kind = TargetKind::values;
  std::string_view name;            // "categorical_crossentropy"
  std::string_view other = {};      // its counterpart for labels or for one-hot rows
  bool labels_are_classes = false;  // labels are whole numbers in [0, columns), or ignore_class
  std::optional<std::int64_t> ignore_class = {};
};

// The checks throw InvalidInput, with `who` first. The batch of y_pred, the shape of the predictions, may differ.

// Throws unless y can be the targets.
void check_targets(const Input& y, const Extents& y_pred, const std::string& who, const TargetRules& rules);
// Throws when `what`, "y" or "sample_weight", holds NaN or infinity.
void check_finite(const Input& input, const std::string& who, const char* what);
// Throws unless y has equally many numbers for each row of the predictions.
void check_rows(const Input& y, const Extents& y_pred, const std::string& who);
// Throws unless the weights are finite and there is one per sample or per row of the predictions.
void check_weights(const Input& sample_weight, const Extents& y_pred, const std::string& who);

// Throws InvalidInput for weights of steps, for a loss that is one number for a sample.
void require_weights_of_samples(const Targets& targets, const std::string& loss);

// Whole arrays as one batch, for losses and metrics outside of a model.
class WholeBatch {
 public:
  // Throws InvalidInput when an array is missing or lengths differ. The caller checks the shape of y_true.
  WholeBatch(const Input& y_true, const Input& y_pred, const Input& sample_weight, const std::string& who);
  WholeBatch(const WholeBatch&) = delete;
  WholeBatch& operator=(const WholeBatch&) = delete;

  const Targets& targets() const { return targets_; }

 private:
  Tensor y_true_;
  Tensor y_pred_;
  std::vector<float> sample_weight_;
  Targets targets_;
};

}  // namespace xeras
