#include "xeras/metrics/mean_metric.hpp"

#include <algorithm>
#include <array>

#include "losses/targets.hpp"
#include "metrics/rows.hpp"

namespace xeras::metrics {

MeanMetric::Sums MeanMetric::sums(const Targets& targets) const {
  constexpr std::int64_t block_size = 256;
  std::array<float, block_size> values, counts;
  Sums sums;
  for (std::int64_t first = 0; first < targets.rows; first += block_size) {
    Targets part = targets;
    part.rows = std::min(block_size, targets.rows - first);
    part.steps = 1;
    part.true_size = targets.true_columns;
    part.y_true += first * targets.true_columns;
    part.y_pred += first * targets.pred_columns;
    if (part.mask != nullptr) part.mask += first;
    if (part.sample_weight != nullptr) part.sample_weight += first;
    counts.fill(1.0f);
    rows(part, values.data(), counts.data());
    for (std::int64_t r = 0; r < part.rows; ++r) {
      const double weight = counts[static_cast<std::size_t>(r)] != 0.0f ? row_weight(part, r) : 0.0;
      if (weight == 0.0) continue;  // ignores NaN, too
      sums.total += weight * values[static_cast<std::size_t>(r)];
      sums.weight += weight;
    }
  }
  return sums;
}

void MeanMetric::add(const Sums& sums, double divisor) {
  total_ += sums.total / divisor;
  weight_ += sums.weight / divisor;
}

void MeanMetric::update(const Targets& targets) {
  add(sums(targets), static_cast<double>(std::max<std::int64_t>(1, targets.steps)));
}

void MeanMetric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  const TargetKind kind = target_kind();
  check_targets(y_true, y_pred, who,
                {.kind = kind,
                 .name = name(),
                 .other = kind == TargetKind::labels ? "categorical_accuracy" : "sparse_categorical_accuracy"});
}

}  // namespace xeras::metrics
