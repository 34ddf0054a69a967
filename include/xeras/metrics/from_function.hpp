#pragma once

#include "xeras/losses/from_functions.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// A metric from a function of a row; see from_function.
class XERAS_API FunctionMetric final : public MeanMetric {
 public:
  FunctionMetric(std::string name, losses::RowValue value, Direction direction);
  const std::string& name() const override { return name_; }
  Direction direction() const override { return direction_; }
  std::shared_ptr<Metric> clone() const override { return std::make_shared<FunctionMetric>(*this); }
  /// Accepts targets with any number of columns.
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;
  /// Returns {"name": name}; a function cannot be written.
  Value get_config() const override;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;

 private:
  std::string name_;
  losses::RowValue value_;
  Direction direction_;
};

/// Returns a metric of your own: the mean of value(y_true, y_pred) over all rows so far, with masks and sample weights
/// as in every metric. `direction` tells callbacks in mode "auto" whether a larger value is better.
///
///   const auto largest = [](std::span<const float>, std::span<const float> p) { return *std::ranges::max_element(p);
///   }; model.compile("adam", "mse", metrics::from_function("largest", largest));
///
/// Files keep the name, as Keras's files keep that of a Python function. To load one, pass the same metric:
/// load_model("m.keras", {.custom_objects = {custom_metric(metrics::from_function("largest", largest))}}).
///
/// Throws  InvalidArgument for an empty name or an empty function
/// Source  keras.metrics.MeanMetricWrapper
XERAS_API FunctionMetric from_function(std::string name, losses::RowValue value, Direction direction = Direction::none);

}  // namespace xeras::metrics
