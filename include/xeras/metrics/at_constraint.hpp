#pragma once

#include "xeras/metrics/confusion.hpp"

namespace xeras::metrics {

/// The base class of metrics that give the largest value of one rate, over all thresholds at which another rate is at
/// least a given number; 0 if there is no such threshold.
class XERAS_API ConstrainedMetric : public ConfusionMetric {
 public:
  double result() const override;
  Tensor results() const override { return Metric::results(); }

 protected:
  /// Throws InvalidArgument unless `least`, the option `rate`, is a number from 0 to 1.
  void require(const std::string& name, const char* rate, const std::optional<double>& least);
  /// Returns the rate that must be at least the given number.
  virtual double constrained(const Confusion& confusion) const = 0;

 private:
  double least_ = 0.0;
};

/// Defines the metric `Class`, the largest `best` where `constrained` is at least the option `rate`.
#define XERAS_CONSTRAINED_METRIC(Class, default_name, rate, constrained_rate, best)                          \
  struct Class##Options {                                                                                    \
    std::optional<double> rate = {}; /* required */                                                          \
    std::int64_t num_thresholds = 200;                                                                       \
    std::optional<std::int64_t> class_id = {}; /* counts only this column */                                 \
    std::string name = default_name;                                                                         \
  };                                                                                                         \
  XERAS_FIELDS(Class##Options, rate, num_thresholds, class_id, name)                                         \
  class XERAS_API Class final : public MetricWith<Class, Class##Options, Direction::up, ConstrainedMetric> { \
   public:                                                                                                   \
    explicit Class(Class##Options options = {}) : MetricWith(std::move(options)) {                           \
      require(config().name, #rate, config().rate);                                                          \
      count_evenly(config().name, config().num_thresholds, config().class_id);                               \
    }                                                                                                        \
                                                                                                             \
   protected:                                                                                                \
    double value(const Confusion& confusion) const override { return confusion.best(); }                     \
    double constrained(const Confusion& confusion) const override { return confusion.constrained_rate(); }   \
  };

/// The largest sensitivity, tp / (tp + fn), where the specificity, tn / (tn + fp), is at least `specificity`:
/// metrics::SensitivityAtSpecificity({.specificity = 0.9}). Source: keras.metrics.SensitivityAtSpecificity.
XERAS_CONSTRAINED_METRIC(SensitivityAtSpecificity, "sensitivity_at_specificity", specificity, specificity, recall)
/// The largest specificity where the sensitivity is at least `sensitivity`:
/// metrics::SpecificityAtSensitivity({.sensitivity = 0.9}). Source: keras.metrics.SpecificityAtSensitivity.
XERAS_CONSTRAINED_METRIC(SpecificityAtSensitivity, "specificity_at_sensitivity", sensitivity, recall, specificity)
/// The largest precision where the recall is at least `recall`: metrics::PrecisionAtRecall({.recall = 0.9}). Source:
/// keras.metrics.PrecisionAtRecall.
XERAS_CONSTRAINED_METRIC(PrecisionAtRecall, "precision_at_recall", recall, recall, precision)
/// The largest recall where the precision is at least `precision`: metrics::RecallAtPrecision({.precision = 0.9}).
/// Source: keras.metrics.RecallAtPrecision.
XERAS_CONSTRAINED_METRIC(RecallAtPrecision, "recall_at_precision", precision, precision, recall)

}  // namespace xeras::metrics
