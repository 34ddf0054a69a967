#include "xeras/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/family.hpp"
#include "core/masked_traps.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

std::span<const FamilyRow<Metric>> family() {
  static const std::vector<FamilyRow<Metric>>& rows = *new std::vector<FamilyRow<Metric>>{
      family_row<Metric, AutomaticAccuracy>({"accuracy", "acc"}),
      family_row<Metric, Accuracy>({}),
      family_row<Metric, BinaryAccuracy>({"binary_accuracy"}),
      family_row<Metric, CategoricalAccuracy>({"categorical_accuracy"}),
      family_row<Metric, SparseCategoricalAccuracy>({"sparse_categorical_accuracy"}),
      family_row<Metric, MeanSquaredError>({"mean_squared_error", "mse", "MSE"}),
      family_row<Metric, MeanAbsoluteError>({"mean_absolute_error", "mae", "MAE"}),
      family_row<Metric, BinaryCrossentropy>({"binary_crossentropy", "bce", "BCE"}),
      family_row<Metric, CategoricalCrossentropy>({"categorical_crossentropy"}),
      family_row<Metric, SparseCategoricalCrossentropy>({"sparse_categorical_crossentropy"}),
  };
  return rows;
}

// values(r) = mean over the columns of is_right(y, p).
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

std::int64_t largest_column(const float* row, std::int64_t columns) {
  return std::max_element(row, row + columns) - row;
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

}  // namespace

void Metric::update_state(const Input& y_true, const Input& y_pred, const Input& sample_weight) {
  const MaskedTraps masked;
  check(y_true, y_pred.extents(), name());
  update(WholeBatch(y_true, y_pred, sample_weight, name()).targets());
}

void Metric::check(const Input& y_true, const Extents&, const std::string& who) const {
  check_finite(y_true, who, "y");
}

std::shared_ptr<Metric> Metric::from_name(std::string_view name) {
  const std::string_view meant = name == "Accuracy" ? "accuracy" : name;  // as in Keras: the class is had as an object
  for (const FamilyRow<Metric>& row : family()) {
    if (row.class_name != meant && std::find(row.names.begin(), row.names.end(), meant) == row.names.end()) continue;
    return row.make(Value::Dict{{"name", std::string(name)}}, std::string(name));
  }
  return make_by_name("metric", family(), name);  // which says what is known
}

std::shared_ptr<Metric> Metric::from_config(const Value& value, const std::string& path) {
  if (const std::string* name = value.get_if<std::string>()) return from_name(*name);
  return make_from_value("metric", family(), value, path);
}

Named<Metric> get(std::string_view name) { return Metric::from_name(name); }

void MeanMetric::update(const Targets& targets) {
  constexpr std::int64_t block_size = 256;
  std::array<float, block_size> values, counts;
  for (std::int64_t first = 0; first < targets.rows; first += block_size) {
    Targets part = targets;
    part.rows = std::min(block_size, targets.rows - first);
    part.y_true += first * targets.true_columns;
    part.y_pred += first * targets.pred_columns;
    if (part.mask != nullptr) part.mask += first;
    if (part.sample_weight != nullptr) part.sample_weight += first;
    counts.fill(1.0f);
    rows(part, values.data(), counts.data());
    for (std::size_t r = 0; r < static_cast<std::size_t>(part.rows); ++r) {
      if (counts[r] == 0.0f || (part.mask != nullptr && part.mask[r] == 0)) continue;
      const double weight = part.sample_weight != nullptr ? part.sample_weight[r] : 1.0;
      if (weight == 0.0) continue;  // not even a NaN counts
      total_ += weight * values[r];
      weight_ += weight;
    }
  }
}

void MeanMetric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  const TargetKind kind = target_kind();
  check_targets(y_true, y_pred, who,
                {.kind = kind,
                 .name = name(),
                 .other = kind == TargetKind::labels ? "categorical_accuracy" : "sparse_categorical_accuracy"});
}

void Accuracy::rows(const Targets& targets, float* values, float*) const {
  mean_right(targets, values, [](float y, float p) { return y == p; });
}

void AutomaticAccuracy::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  const Extents& y = y_true.extents();
  const bool binary = y_pred.rank() < 2 || y_pred.last() == 1;
  const bool sparse = y.rank() > 0 && (y.rank() < y_pred.rank() || y.last() == 1);
  check_targets(y_true, y_pred, who,
                {.kind = binary   ? TargetKind::values
                         : sparse ? TargetKind::labels
                                  : TargetKind::one_hot,
                 .name = name()});
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

BinaryCrossentropy::BinaryCrossentropy(const BinaryCrossentropyOptions& options)
    : LossMetric(options, losses::BinaryCrossentropy(
                              {.from_logits = options.from_logits, .label_smoothing = options.label_smoothing})) {}

CategoricalCrossentropy::CategoricalCrossentropy(const CategoricalCrossentropyOptions& options)
    : LossMetric(options, losses::CategoricalCrossentropy({.from_logits = options.from_logits,
                                                           .label_smoothing = options.label_smoothing,
                                                           .axis = options.axis})) {}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(const SparseCategoricalCrossentropyOptions& options)
    : LossMetric(options, losses::SparseCategoricalCrossentropy({.from_logits = options.from_logits,
                                                                 .ignore_class = options.ignore_class,
                                                                 .axis = options.axis})) {}

}  // namespace xeras::metrics

template class xeras::Named<xeras::metrics::Metric>;
