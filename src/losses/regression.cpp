#include "xeras/losses/regression.hpp"

#include <cmath>

#include "losses/mean_over_columns.hpp"

namespace xeras::losses {

void MeanSquaredError::rows(const Targets& targets, float* values, float* dp) const {
  mean_over_columns(targets, values, dp, [](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) e[i] = (p[i] - y[i]) * (p[i] - y[i]);
    for (std::size_t i = 0; g != nullptr && i < n; ++i) g[i] = 2.0f * (p[i] - y[i]);
  });
}

void MeanAbsoluteError::rows(const Targets& targets, float* values, float* dp) const {
  mean_over_columns(targets, values, dp, [](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) e[i] = std::abs(p[i] - y[i]);
    for (std::size_t i = 0; g != nullptr && i < n; ++i) g[i] = p[i] == y[i] ? 0.0f : std::copysign(1.0f, p[i] - y[i]);
  });
}

}  // namespace xeras::losses
