#pragma once

#include "xeras/metrics/confusion_counts.hpp"

namespace xeras::metrics {

/// A list of numbers, empty for none. A file may hold them as a list or as an array.
class NumberList : public std::vector<double> {
 public:
  using std::vector<double>::vector;
  NumberList(std::vector<double> numbers) : std::vector<double>(std::move(numbers)) {}
};
XERAS_API Value to_value(const NumberList& field);
XERAS_API void from_value(const Value& value, NumberList& field, const std::string& path);

struct AUCOptions {
  std::int64_t num_thresholds = 200;
  std::string curve = "ROC";                       ///< "ROC", "PR" or "PRGAIN"
  std::string summation_method = "interpolation";  ///< "interpolation", "minoring" or "majoring"
  std::string name = "auc";
  NumberList thresholds = {};                   ///< in place of num_thresholds
  bool multi_label = false;                     ///< one area for each column, instead of one for all
  std::optional<std::int64_t> num_labels = {};  ///< with multi_label; none: as many as the first batch has
  NumberList label_weights = {};                ///< of columns; empty: all 1
  bool from_logits = false;                     ///< p is the input of a sigmoid
};
XERAS_FIELDS(AUCOptions, num_thresholds, curve, summation_method, name, thresholds, multi_label, num_labels,
             label_weights, from_logits)

/// The area under the curve of true over false positive rate (ROC), of precision over recall (PR), or of precision gain
/// over recall gain, approximated at many thresholds. With multi_label, results() has one area for each column, and
/// result() is their mean, weighted by label_weights.
///
///   metrics::AUC auc;
///   auc.update_state({0, 0, 1, 1}, {0.0, 0.5, 0.3, 0.9});  // result() is 0.75
///   model.compile("adam", losses::BinaryCrossentropy({.from_logits = true}), metrics::AUC({.from_logits = true}));
///
/// Throws  InvalidInput when num_labels or label_weights does not fit the number of columns
/// Source  keras.metrics.AUC; the area of PR is interpolated as by Davis and Goadrich (2006)
class XERAS_API AUC final : public MetricWith<AUC, AUCOptions, Direction::up, Metric> {
 public:
  explicit AUC(AUCOptions options = {});

  void update(const Targets& targets) override;
  double result() const override;
  Tensor results() const override;
  void reset_state() override { counts_.reset(); }
  bool visit_state(const std::function<void(double& number)>& visit) override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 private:
  double area(std::int64_t label) const;
  bool weighs_labels() const { return !config().label_weights.empty(); }

  ConfusionCounts counts_;
};

}  // namespace xeras::metrics
