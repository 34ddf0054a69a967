#pragma once

#include <algorithm>

#include "xeras/metrics/metric.hpp"

namespace xeras::testing {

constexpr double metric_tolerance = 2e-6;  // relative; Keras computes in float

inline Input first_row(const Input& input) {
  const Tensor whole = input.to_tensor();
  Tensor::shape_type shape = whole.shape();
  shape[0] = 1;
  Tensor row = Tensor::from_shape(shape);
  std::copy(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(row.size()), row.begin());
  return Input(std::move(row));
}

// Targets and predictions of three independent labels, of three classes one-hot, and of three classes by number.
struct MetricRows {
  Input y_binary{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.0f}};
  Input y_soft{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.25f}};
  Input p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};
  Input y_classes{{0.0f, 1.0f, 0.0f}, {0.2f, 0.3f, 0.5f}};
  Input p_classes{{0.1f, 0.7f, 0.3f}, {0.5f, 0.0f, 1.5f}};
  Input weights{0.5f, 2.0f};
  Input y_labels{1, 2, 0, 1};
  Input p_labels{{0.1f, 0.7f, 0.3f}, {0.2f, 0.3f, 0.5f}, {1.0f, 0.0f, 0.0f}, {0.9f, 0.0f, 0.3f}};
  Input label_weights{0.5f, 2.0f, 1.0f, 3.0f};
};

// The result after all rows, and then the first one again with weight 3.
inline double twice(metrics::Metric&& metric, const Input& y, const Input& p, const Input& w = {}) {
  metric.update_state(y, p, w);
  metric.update_state(first_row(y), first_row(p), w ? Input{3.0f} : Input());
  return metric.result();
}

}  // namespace xeras::testing
