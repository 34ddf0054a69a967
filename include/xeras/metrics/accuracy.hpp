#pragma once

#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

struct AccuracyOptions {
  std::string name = "accuracy";
};
XERAS_FIELDS(AccuracyOptions, name)

/// How often p = y, exactly. For the string "accuracy" see AutomaticAccuracy.
class XERAS_API Accuracy final : public MetricWith<Accuracy, AccuracyOptions, Direction::up> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

/// The strings "accuracy" and "acc": BinaryAccuracy where predictions have one column, else
/// SparseCategoricalAccuracy where a target is one number, else CategoricalAccuracy.
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

/// How often y = (p > threshold ? 1 : 0).
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

/// How often the largest column of p (the first of equals) is the largest of y.
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

/// How often the largest column of p (the first of equals) is the class y. A label that is no class is never right.
class XERAS_API SparseCategoricalAccuracy final
    : public MetricWith<SparseCategoricalAccuracy, SparseCategoricalAccuracyOptions, Direction::up> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
};

}  // namespace xeras::metrics
