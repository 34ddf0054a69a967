#include "xeras/metrics/confusion_counts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "metrics/rows.hpp"

namespace xeras::metrics {

double Confusion::precision() const { return divide_no_nan(true_positives, true_positives + false_positives); }
double Confusion::recall() const { return divide_no_nan(true_positives, true_positives + false_negatives); }
double Confusion::specificity() const { return divide_no_nan(true_negatives, true_negatives + false_positives); }

ConfusionCounts::ConfusionCounts(const std::vector<double>& thresholds, Spacing spacing, std::int64_t labels)
    : order_(thresholds.size()), spacing_(spacing) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::size_t a, std::size_t b) { return thresholds[a] < thresholds[b]; });
  for (const std::size_t i : order_) thresholds_.push_back(static_cast<float>(thresholds[i]));
  positives_.assign((thresholds.size() + 1) * static_cast<std::size_t>(labels), 0.0);
  negatives_ = positives_;
}

ConfusionCounts::Spacing ConfusionCounts::spacing_of(const std::vector<double>& thresholds) {
  if (thresholds.size() < 3) return Spacing::any;
  const auto last = static_cast<float>(thresholds.size() - 1);
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    const double even = static_cast<float>(i) / last;
    if (!(std::abs(thresholds[i] - even) <= 1e-7 + 1e-5 * even)) return Spacing::any;
  }
  return Spacing::even;
}

std::size_t ConfusionCounts::interval_of(float p) const {
  if (spacing_ == Spacing::any) {
    return static_cast<std::size_t>(std::lower_bound(thresholds_.begin(), thresholds_.end(), p) - thresholds_.begin());
  }
  if (std::isnan(p)) return 0;
  const float place = std::ceil(std::clamp(p, 0.0f, 1.0f) * static_cast<float>(thresholds_.size() - 1));
  // AUC has a threshold just below 0, which 0 is above, too.
  const float least = thresholds_.front() < 0.0f || thresholds_.back() > 1.0f ? 1.0f : 0.0f;
  return static_cast<std::size_t>(std::max(place, least));
}

void ConfusionCounts::add(float p, bool is_positive, double weight, std::int64_t label) {
  const std::size_t place = static_cast<std::size_t>(label) * (thresholds_.size() + 1) + interval_of(p);
  (is_positive ? positives_ : negatives_)[place] += weight;
}

void ConfusionCounts::visit_state(const std::function<void(double&)>& visit) {
  const std::size_t known = positives_.size();
  visit_length(positives_, visit);
  // The visited length may come from a file. Without labels, it determines their number.
  if (known != 0 || positives_.size() % (num_thresholds() + 1) != 0) positives_.resize(known);
  negatives_.resize(positives_.size());
  for (double& number : positives_) visit(number);
  for (double& number : negatives_) visit(number);
}

void ConfusionCounts::reset() {
  std::fill(positives_.begin(), positives_.end(), 0.0);
  std::fill(negatives_.begin(), negatives_.end(), 0.0);
}

}  // namespace xeras::metrics
