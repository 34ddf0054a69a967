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

// The result after all rows, and then the first one again with weight 3.
inline double twice(metrics::Metric&& metric, const Input& y, const Input& p, const Input& w = {}) {
  metric.update_state(y, p, w);
  metric.update_state(first_row(y), first_row(p), w ? Input{3.0f} : Input());
  return metric.result();
}

}  // namespace xeras::testing
