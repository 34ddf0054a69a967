#pragma once

#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

struct AccuracyOptions {
  std::string name = "accuracy";
};
XERAS_FIELDS(AccuracyOptions, name)

/// The share of predictions with p = y. (The string "accuracy" means AutomaticAccuracy.)
///
///   metrics::Accuracy metric;
///   metric.update_state({1, 2, 3, 4}, {0, 2, 3, 4});  // metric.result() is 0.75
class XERAS_API Accuracy final : public MetricWith<Accuracy, AccuracyOptions, Direction::up> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

/// The metric that "accuracy" and "acc" mean: BinaryAccuracy for predictions of one column, else
/// SparseCategoricalAccuracy if a target is one number, else CategoricalAccuracy.
///
///   model.compile("adam", "binary_crossentropy", "accuracy");
class XERAS_API AutomaticAccuracy final : public MetricWith<AutomaticAccuracy, AccuracyOptions, Direction::up> {
 public:
  using MetricWith::MetricWith;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

struct BinaryAccuracyOptions {
  std::string name = "binary_accuracy";
  double threshold = 0.5;
};
XERAS_FIELDS(BinaryAccuracyOptions, name, threshold)

/// The share of predictions with y = (p > threshold ? 1 : 0).
///
///   model.compile("adam", "binary_crossentropy", metrics::BinaryAccuracy({.threshold = 0.7}));
class XERAS_API BinaryAccuracy final : public MetricWith<BinaryAccuracy, BinaryAccuracyOptions, Direction::up> {
 public:
  explicit BinaryAccuracy(BinaryAccuracyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

struct CategoricalAccuracyOptions {
  std::string name = "categorical_accuracy";
};
XERAS_FIELDS(CategoricalAccuracyOptions, name)

/// The share of rows in which p and y, one-hot, have the same largest column (the first of equals).
///
///   metrics::CategoricalAccuracy metric;
///   metric.update_state({{0, 0, 1}, {0, 1, 0}}, {{0.1, 0.9, 0.8}, {0.05, 0.95, 0.0}});  // metric.result() is 0.5
class XERAS_API CategoricalAccuracy final
    : public MetricWith<CategoricalAccuracy, CategoricalAccuracyOptions, Direction::up> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct SparseCategoricalAccuracyOptions {
  std::string name = "sparse_categorical_accuracy";
};
XERAS_FIELDS(SparseCategoricalAccuracyOptions, name)

/// The share of rows whose largest column of p (the first of equals) is the class y. A label outside the classes counts
/// as wrong.
///
///   metrics::SparseCategoricalAccuracy metric;
///   metric.update_state({2, 1}, {{0.1, 0.6, 0.3}, {0.05, 0.95, 0.0}});  // metric.result() is 0.5
class XERAS_API SparseCategoricalAccuracy final
    : public MetricWith<SparseCategoricalAccuracy, SparseCategoricalAccuracyOptions, Direction::up> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
};

struct TopKCategoricalAccuracyOptions {
  std::int64_t k = 5;
  std::string name = "top_k_categorical_accuracy";
};
XERAS_FIELDS(TopKCategoricalAccuracyOptions, k, name)

/// The share of rows in which fewer than k columns of p are larger than that of the class y, one-hot.
///
///   metrics::TopKCategoricalAccuracy metric({.k = 2});
///   metric.update_state({{0, 0, 1}, {0, 1, 0}}, {{0.1, 0.9, 0.8}, {0.05, 0.95, 0.0}});  // metric.result() is 1
///
/// Source  keras.metrics.TopKCategoricalAccuracy
class XERAS_API TopKCategoricalAccuracy final
    : public MetricWith<TopKCategoricalAccuracy, TopKCategoricalAccuracyOptions, Direction::up> {
 public:
  explicit TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct SparseTopKCategoricalAccuracyOptions {
  std::int64_t k = 5;
  std::string name = "sparse_top_k_categorical_accuracy";
  bool from_sorted_ids = false;  ///< p holds class numbers, the best one first
};
XERAS_FIELDS(SparseTopKCategoricalAccuracyOptions, k, name, from_sorted_ids)

/// The share of rows in which fewer than k columns of p are larger than that of the class y; with from_sorted_ids, the
/// share of rows in which y is among the first k columns of p. A label outside the classes counts as wrong.
///
///   metrics::SparseTopKCategoricalAccuracy metric({.k = 2});
///   metric.update_state({2, 1}, {{0.1, 0.9, 0.8}, {0.05, 0.95, 0.0}});  // metric.result() is 1
///
/// Source  keras.metrics.SparseTopKCategoricalAccuracy
class XERAS_API SparseTopKCategoricalAccuracy final
    : public MetricWith<SparseTopKCategoricalAccuracy, SparseTopKCategoricalAccuracyOptions, Direction::up> {
 public:
  explicit SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
};

}  // namespace xeras::metrics
