#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xeras/losses/loss.hpp"

namespace xeras {

// The targets that a loss or a metric takes, and the names in its messages.
struct TargetRules {
  TargetKind kind = TargetKind::values;
  std::string_view name;                          // "categorical_crossentropy"
  std::string_view other = {};                    // the sibling for labels, or for one-hot rows
  bool labels_are_classes = false;                // labels are whole numbers in [0, columns)
  std::optional<std::int64_t> ignore_class = {};  // or this one
};

// Raises InvalidInput unless y can be the targets of predictions of this shape, whose batch may differ.
void check_targets(const Input& y, const Extents& y_pred, const std::string& who, const TargetRules& rules);

// Raises InvalidInput when `what`, "y" or "sample_weight", holds NaN or infinity.
void check_finite(const Input& input, const std::string& who, const char* what);

// Raises InvalidInput unless each row of predictions of this shape, whose batch may differ, has as many numbers of y.
void check_rows(const Input& y, const Extents& y_pred, const std::string& who);

// Raises InvalidInput unless the weights are finite and as many as samples or as rows of these predictions.
void check_weights(const Input& sample_weight, const Extents& y_pred, const std::string& who);

// Whole arrays as one batch, for losses and metrics that are used by themselves.
class WholeBatch {
 public:
  // Raises InvalidInput when something is missing or lengths differ. The shape of y_true is the caller's to check.
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
