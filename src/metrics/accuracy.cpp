#include "xeras/metrics/accuracy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

// Writes values(r) = mean over the columns of is_right(y, p).
template <class F>
void mean_right(const Targets& targets, float* values, F is_right) {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    const float* y = targets.y_true + r * columns;
    const float* p = targets.y_pred + r * columns;
    std::int64_t right = 0;
    for (std::int64_t c = 0; c < columns; ++c) right += is_right(y[c], p[c]);
    values[r] = static_cast<float>(right) / static_cast<float>(columns);
  }
}

void binary_accuracy(const Targets& targets, float* values, float threshold) {
  mean_right(targets, values, [threshold](float y, float p) { return y == (p > threshold ? 1.0f : 0.0f); });
}

void categorical_accuracy(const Targets& targets, float* values) {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    values[r] =
        largest_column(targets.y_true + r * columns, columns) == largest_column(targets.y_pred + r * columns, columns);
  }
}

void sparse_categorical_accuracy(const Targets& targets, float* values) {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    values[r] = targets.y_true[r] == static_cast<float>(largest_column(targets.y_pred + r * columns, columns));
  }
}

void check_k(const std::string& name, std::int64_t k) {
  if (k < 1) throw InvalidArgument(fmt::format("{}: k is {}; expected a positive integer.", name, k));
}

// True if fewer than k columns are larger than that of the label. NaN there counts as the least number.
bool is_in_top_k(const float* row, std::int64_t columns, float label, std::int64_t k) {
  if (!(label >= 0.0f && label < static_cast<float>(columns))) return false;
  const float at_label = row[static_cast<std::int64_t>(label)];
  const float least = std::isnan(at_label) ? -std::numeric_limits<float>::infinity() : at_label;
  return std::count_if(row, row + columns, [least](float p) { return p > least; }) < k;
}

}  // namespace

void Accuracy::rows(const Targets& targets, float* values, float*) const {
  mean_right(targets, values, [](float y, float p) { return y == p; });
}

void AutomaticAccuracy::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  const Extents& y = y_true.extents();
  const bool binary = y_pred.rank() < 2 || y_pred.last() == 1;
  const bool sparse = y.rank() > 0 && (y.rank() < y_pred.rank() || y.last() == 1);
  const TargetKind kind_of_classes = sparse ? TargetKind::labels : TargetKind::one_hot;
  check_targets(y_true, y_pred, who, {.kind = binary ? TargetKind::values : kind_of_classes, .name = name()});
}

void AutomaticAccuracy::rows(const Targets& targets, float* values, float*) const {
  if (targets.pred_columns == 1) return binary_accuracy(targets, values, 0.5f);
  if (targets.true_columns == 1) return sparse_categorical_accuracy(targets, values);
  categorical_accuracy(targets, values);
}

BinaryAccuracy::BinaryAccuracy(BinaryAccuracyOptions options) : MetricWith(std::move(options)) {
  if (!std::isnan(config().threshold)) return;
  throw InvalidArgument(fmt::format("{}: threshold is nan; expected a number such as 0.5.", config().name));
}

void BinaryAccuracy::rows(const Targets& targets, float* values, float*) const {
  binary_accuracy(targets, values, static_cast<float>(config().threshold));
}

void CategoricalAccuracy::rows(const Targets& targets, float* values, float*) const {
  categorical_accuracy(targets, values);
}

void SparseCategoricalAccuracy::rows(const Targets& targets, float* values, float*) const {
  sparse_categorical_accuracy(targets, values);
}

TopKCategoricalAccuracy::TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions options)
    : MetricWith(std::move(options)) {
  check_k(config().name, config().k);
}

void TopKCategoricalAccuracy::rows(const Targets& targets, float* values, float*) const {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    const auto label = static_cast<float>(largest_column(targets.y_true + r * columns, columns));
    values[r] = is_in_top_k(targets.y_pred + r * columns, columns, label, config().k);
  }
}

SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions options)
    : MetricWith(std::move(options)) {
  check_k(config().name, config().k);
}

void SparseTopKCategoricalAccuracy::rows(const Targets& targets, float* values, float*) const {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    const float* p = targets.y_pred + r * columns;
    const float label = targets.y_true[r];
    if (config().from_sorted_ids) {
      const float* end = p + std::min(config().k, columns);
      values[r] = std::find(p, end, label) != end;
    } else {
      values[r] = is_in_top_k(p, columns, label, config().k);
    }
  }
}

}  // namespace xeras::metrics
