#pragma once

#include <algorithm>
#include <array>

#include "kernels/simd.hpp"
#include "xeras/losses/loss.hpp"

namespace xeras::losses {

constexpr std::size_t block_size = 256;  // the elements per kernel call when results need a buffer on the stack

// Writes values(r) = mean over c of e(r, c). block(y, p, n, e, g) writes n <= block_size values of e and, unless g is
// null, of de/dp.
template <class F>
void mean_over_columns(const Targets& targets, float* values, float* dp, F block) {
  const auto columns = static_cast<std::size_t>(targets.pred_columns);
  const std::size_t size = static_cast<std::size_t>(targets.rows) * columns;
  std::array<float, block_size> e;
  double sum = 0.0;
  std::size_t column = 0;
  for (std::size_t first = 0; first < size; first += block_size) {
    const std::size_t n = std::min(block_size, size - first);
    block(targets.y_true + first, targets.y_pred + first, n, e.data(), dp != nullptr ? dp + first : nullptr);
    for (std::size_t i = 0; i < n; ++i) {
      sum += e[i];
      if (++column < columns) continue;
      *values++ = static_cast<float>(sum / static_cast<double>(columns));
      sum = 0.0;
      column = 0;
    }
  }
  if (dp != nullptr && columns > 1) kernels::simd().scale(1.0f / static_cast<float>(columns), dp, size);
}

}  // namespace xeras::losses
