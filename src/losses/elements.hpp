#pragma once

#include "losses/mean_over_columns.hpp"

namespace xeras::losses {

// The value and the derivative of one element or one row.
template <class T>
struct Element {
  T value = 0;
  T slope = 0;
};

// Writes values(r) = mean over c of f(y(r, c), p(r, c)).value, and the gradient. f returns an Element.
template <class F>
void mean_of_elements(const Targets& targets, float* values, float* dp, F f) {
  mean_over_columns(targets, values, dp, [&f](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto element = f(y[i], p[i]);
      e[i] = static_cast<float>(element.value);
      if (g != nullptr) g[i] = static_cast<float>(element.slope);
    }
  });
}

// Writes values(r) = f(y of the row, p of the row, columns, gradient of the row or null).
template <class F>
void each_row(const Targets& targets, float* values, float* dp, F f) {
  const auto columns = static_cast<std::size_t>(targets.pred_columns);
  for (std::size_t r = 0; r < static_cast<std::size_t>(targets.rows); ++r) {
    const float* const y = targets.y_true + r * static_cast<std::size_t>(targets.true_columns);
    values[r] = static_cast<float>(f(y, targets.y_pred + r * columns, columns, dp != nullptr ? dp + r * columns : dp));
  }
}

// Keras's epsilon, in float.
constexpr float epsilon = 1e-7f;
// Probabilities are clipped to this range, in float.
constexpr float lowest = epsilon, highest = 1.0f - epsilon;

// The derivative of max(x, low): both sides share it equally when they tie, as in JAX.
inline double slope_of_max(float x, float low) { return x > low ? 1.0 : x == low ? 0.5 : 0.0; }
// The derivative of x clipped to [low, high], in the same way.
inline double slope_of_clip(float x, float low, float high) {
  return x > low && x < high ? 1.0 : x == low || x == high ? 0.5 : 0.0;
}

}  // namespace xeras::losses
