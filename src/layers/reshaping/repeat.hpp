#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/rows.hpp"

namespace xeras::layers {

// Computes y(r, i, :) = x(r, :) for x (rows, D), y (rows, n, D).
inline void repeat(const float* x, float* y, std::int64_t rows, std::int64_t n, std::int64_t D) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t i = 0; i < n; ++i) y = std::copy_n(x + r * D, D, y);
  }
}

// Computes dx(r, :) = sum over i of dy(r, i, :) for dy (rows, n, D), dx (rows, D).
inline void repeat_grad(const float* dy, float* dx, std::int64_t rows, std::int64_t n, std::int64_t D) {
  std::fill_n(dx, rows * D, 0.0f);
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto columns = static_cast<std::size_t>(D);
    kernels::add_rows_apart(dy + r * n * D, columns, dx + r * D, static_cast<std::size_t>(n), columns);
  }
}

}  // namespace xeras::layers
