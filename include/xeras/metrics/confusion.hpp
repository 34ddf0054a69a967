#pragma once

#include "xeras/metrics/confusion_counts.hpp"

namespace xeras::metrics {

/// One threshold or several, or none for the default of the metric: .thresholds = 0.5, .thresholds = {0.5, 0.9}.
class XERAS_API Thresholds {
 public:
  Thresholds() = default;
  Thresholds(double threshold) : values_{threshold}, is_number_(true) {}
  Thresholds(std::initializer_list<double> list) : values_(list) {}
  Thresholds(std::vector<double> list) : values_(std::move(list)) {}

  bool is_none() const { return values_.empty(); }
  const std::vector<double>& values() const { return values_; }

 private:
  friend XERAS_API Value to_value(const Thresholds& field);

  std::vector<double> values_;
  bool is_number_ = false;
};
XERAS_API Value to_value(const Thresholds& field);
XERAS_API void from_value(const Value& value, Thresholds& field, const std::string& path);

/// The base class of metrics that count at thresholds. Targets and predictions have the same shape; a target that is
/// not 0 is positive. result() is the mean over the thresholds, and results() has one number for each of them.
class XERAS_API ConfusionMetric : public Metric {
 public:
  void update(const Targets& targets) override;
  double result() const override;
  Tensor results() const override;
  void reset_state() override { counts_.reset(); }
  bool visit_state(const std::function<void(double& number)>& visit) override {
    counts_.visit_state(visit);
    return true;
  }
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  ConfusionMetric() = default;
  /// Sets the options. Throws InvalidArgument for a threshold outside [0, 1], or a top_k or class_id out of range.
  void count_at(const std::string& name, const Thresholds& thresholds, std::optional<std::int64_t> top_k = {},
                std::optional<std::int64_t> class_id = {});
  /// The same, at `num_thresholds` thresholds from 0 to 1.
  void count_evenly(const std::string& name, std::int64_t num_thresholds, std::optional<std::int64_t> class_id);
  const ConfusionCounts& counts() const { return counts_; }
  /// Returns the result at one threshold.
  virtual double value(const Confusion& confusion) const = 0;

 private:
  void keep_largest(const float* row, std::int64_t columns);

  ConfusionCounts counts_;
  std::optional<std::int64_t> top_k_;
  std::optional<std::int64_t> class_id_;
  std::vector<std::int64_t> order_;     // of the columns of a row, if there is a top_k
  std::vector<std::uint8_t> is_large_;  // for each column, true for the top_k largest
};

/// Defines a metric that counts one kind of prediction. Source: keras.metrics.TruePositives and its siblings.
#define XERAS_CONFUSION_COUNT(Class, default_name, direction, field)                                              \
  struct Class##Options {                                                                                         \
    Thresholds thresholds = {}; /* none: 0.5 */                                                                   \
    std::string name = default_name;                                                                              \
  };                                                                                                              \
  XERAS_FIELDS(Class##Options, thresholds, name)                                                                  \
  class XERAS_API Class final : public MetricWith<Class, Class##Options, Direction::direction, ConfusionMetric> { \
   public:                                                                                                        \
    explicit Class(Class##Options options = {}) : MetricWith(std::move(options)) {                                \
      count_at(config().name, config().thresholds);                                                               \
    }                                                                                                             \
                                                                                                                  \
   protected:                                                                                                     \
    double value(const Confusion& confusion) const override { return confusion.field; }                           \
  };

/// The weighted number of positive targets whose prediction is above the threshold:
/// metrics::TruePositives({.thresholds = 0.7}).
XERAS_CONFUSION_COUNT(TruePositives, "true_positives", up, true_positives)
/// The weighted number of targets of 0 whose prediction is above the threshold.
XERAS_CONFUSION_COUNT(FalsePositives, "false_positives", down, false_positives)
/// The weighted number of targets of 0 whose prediction is not above the threshold.
XERAS_CONFUSION_COUNT(TrueNegatives, "true_negatives", up, true_negatives)
/// The weighted number of positive targets whose prediction is not above the threshold.
XERAS_CONFUSION_COUNT(FalseNegatives, "false_negatives", down, false_negatives)

struct PrecisionOptions {
  Thresholds thresholds = {};                 ///< none: 0.5, or no threshold if there is a top_k
  std::optional<std::int64_t> top_k = {};     ///< only the k largest columns of a row are positive
  std::optional<std::int64_t> class_id = {};  ///< counts only this column
  std::string name = "precision";
};
XERAS_FIELDS(PrecisionOptions, thresholds, top_k, class_id, name)

/// The share of positive predictions that are right: tp / (tp + fp), 0 for 0 / 0.
///
///   metrics::Precision precision({.thresholds = {0.5, 0.9}});
///   precision.update_state({0, 1, 1, 1}, {1, 0, 1, 1});  // result() is 2 / 3, results() is (2 / 3, 2 / 3)
///
/// Throws  InvalidInput when class_id or top_k does not fit the number of columns
/// Source  keras.metrics.Precision
class XERAS_API Precision final : public MetricWith<Precision, PrecisionOptions, Direction::up, ConfusionMetric> {
 public:
  explicit Precision(PrecisionOptions options = {});

 protected:
  double value(const Confusion& confusion) const override { return confusion.precision(); }
};

struct RecallOptions {
  Thresholds thresholds = {};                 ///< none: 0.5, or no threshold if there is a top_k
  std::optional<std::int64_t> top_k = {};     ///< only the k largest columns of a row are positive
  std::optional<std::int64_t> class_id = {};  ///< counts only this column
  std::string name = "recall";
};
XERAS_FIELDS(RecallOptions, thresholds, top_k, class_id, name)

/// The share of positive targets that are found: tp / (tp + fn), 0 for 0 / 0.
///
///   metrics::Recall recall({.class_id = 2});
///   model.compile("adam", "categorical_crossentropy", recall);
///
/// Throws  InvalidInput when class_id or top_k does not fit the number of columns
/// Source  keras.metrics.Recall
class XERAS_API Recall final : public MetricWith<Recall, RecallOptions, Direction::up, ConfusionMetric> {
 public:
  explicit Recall(RecallOptions options = {});

 protected:
  double value(const Confusion& confusion) const override { return confusion.recall(); }
};

}  // namespace xeras::metrics
