#pragma once

#include "xeras/metrics/function.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

struct FunctionMetricOptions {
  std::string name = {};
};
XERAS_FIELDS(FunctionMetricOptions, name)

// The metric that from_function makes.
class FunctionMetric final : public Configured<MeanMetric, FunctionMetricOptions> {
 public:
  FunctionMetric(std::string name, RowFunction value, Direction direction)
      : Configured(FunctionMetricOptions{std::move(name)}), value_(std::move(value)), direction_(direction) {}

  const std::string& name() const override { return config().name; }
  Direction direction() const override { return direction_; }
  std::shared_ptr<Metric> clone() const override { return std::make_shared<FunctionMetric>(*this); }
  // Targets may have any number of columns.
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override {
    Metric::check(y_true, y_pred, who);
  }

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;

 private:
  RowFunction value_;
  Direction direction_;
};

}  // namespace xeras::metrics
