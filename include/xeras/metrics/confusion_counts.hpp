#pragma once

#include <vector>

#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The weighted counts of right and wrong predictions of a binary label.
struct XERAS_API Confusion {
  double true_positives = 0.0;
  double false_positives = 0.0;
  double true_negatives = 0.0;
  double false_negatives = 0.0;

  double precision() const;    ///< tp / (tp + fp), 0 for 0 / 0
  double recall() const;       ///< tp / (tp + fn), 0 for 0 / 0; also called sensitivity
  double specificity() const;  ///< tn / (tn + fp), 0 for 0 / 0
};

/// The largest number of thresholds of a metric.
constexpr std::int64_t most_thresholds = 1'000'000;

/// The Confusion of many predictions at many thresholds, for each of one or more labels. A prediction is positive at
/// the thresholds that it is above. The cost of a prediction hardly depends on the number of thresholds: it is counted
/// in the interval between two of them.
class XERAS_API ConfusionCounts {
 public:
  enum class Spacing {
    any,
    even,  ///< from 0 to 1; as in Keras, predictions are clipped to [0, 1], and an interval is found by arithmetic
  };

  /// Counts at the threshold 0.5.
  ConfusionCounts() : ConfusionCounts({0.5}, Spacing::any) {}
  ConfusionCounts(const std::vector<double>& thresholds, Spacing spacing, std::int64_t labels = 1);
  /// Returns the spacing that Keras finds in thresholds.
  static Spacing spacing_of(const std::vector<double>& thresholds);

  std::size_t num_thresholds() const { return thresholds_.size(); }
  std::int64_t labels() const { return static_cast<std::int64_t>(positives_.size() / (num_thresholds() + 1)); }
  void add(float p, bool is_positive, double weight, std::int64_t label = 0);
  void reset();
  void visit_state(const std::function<void(double& number)>& visit);

  /// Calls visit(i, confusion) for each threshold, from the largest to the smallest. Threshold i is the one that the
  /// constructor received as number i.
  template <class Visit>
  void for_each(Visit visit, std::int64_t label = 0) const {
    const std::size_t size = num_thresholds() + 1;
    const double* const positives = positives_.data() + static_cast<std::size_t>(label) * size;
    const double* const negatives = negatives_.data() + static_cast<std::size_t>(label) * size;
    double all_positives = 0.0, all_negatives = 0.0;
    for (std::size_t i = size; i-- > 0;) all_positives += positives[i], all_negatives += negatives[i];
    Confusion sums;  // in the same order, so that nothing remains below the smallest threshold
    for (std::size_t i = size; i-- > 1;) {
      sums.true_positives += positives[i];
      sums.false_positives += negatives[i];
      sums.true_negatives = all_negatives - sums.false_positives;
      sums.false_negatives = all_positives - sums.true_positives;
      visit(order_[i - 1], sums);
    }
  }

 private:
  std::size_t interval_of(float p) const;

  std::vector<float> thresholds_;  // ascending
  std::vector<std::size_t> order_;
  Spacing spacing_;
  // Entry i of a label counts the predictions that are above exactly i thresholds.
  std::vector<double> positives_;
  std::vector<double> negatives_;
};

}  // namespace xeras::metrics
