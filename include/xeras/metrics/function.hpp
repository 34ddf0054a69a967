#pragma once

#include <functional>
#include <span>

#include "xeras/metrics/metric.hpp"

namespace xeras::metrics {

/// A function of one row of targets and predictions, such as its mean error.
using RowFunction = std::function<double(std::span<const float> y_true, std::span<const float> y_pred)>;

/// Returns the metric that averages `value` over all rows so far, without masked ones.
///
///   const auto largest = [](std::span<const float>, std::span<const float> p) { return *std::ranges::max_element(p);
///   }; model.compile("adam", "mse", metrics::from_function("largest", largest));
///
/// A file keeps only the name, as Keras does for a Python function. load_model needs the function again:
///
///   load_model("m.keras", {.custom_objects = {CustomMetric{"", "largest", make_largest}}});
///
/// Throws  InvalidArgument for an empty name or function
/// Source  keras.metrics.MeanMetricWrapper
XERAS_API Named<Metric> from_function(std::string name, RowFunction value, Direction direction = Direction::none);

}  // namespace xeras::metrics
