#pragma once

#include <algorithm>

#include "xeras/losses/loss.hpp"

namespace xeras::metrics {

inline bool is_masked(const Targets& targets, std::int64_t row) {
  return targets.mask != nullptr && targets.mask[row] == 0;
}

// Returns the weight of a row, 0 if it is masked.
inline double row_weight(const Targets& targets, std::int64_t row) {
  if (is_masked(targets, row)) return 0.0;
  return targets.sample_weight != nullptr ? static_cast<double>(targets.sample_weight[row]) : 1.0;
}

// Calls f(row, weight) for each row that counts. A row of weight 0 has no influence, not even if it holds NaN.
template <class F>
void for_each_row(const Targets& targets, F f) {
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    const double weight = row_weight(targets, r);
    if (weight != 0.0) f(r, weight);
  }
}

// Returns a / b, or 0 if b is 0.
inline double divide_no_nan(double a, double b) { return b != 0.0 ? a / b : 0.0; }

// Returns the first of the largest columns of a row.
inline std::int64_t largest_column(const float* row, std::int64_t columns) {
  return std::max_element(row, row + columns) - row;
}

}  // namespace xeras::metrics
