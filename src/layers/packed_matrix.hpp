#pragma once

#include "kernels/gemm.hpp"
#include "xeras/layers/call.hpp"

namespace xeras {

// Declares a copy of a weight (K, N), a factor of inputs, packed for kernels::gemm.
inline Packed declare_packed(Builder& builder, Weight weight, Dim K, Dim N) {
  const auto rows = static_cast<std::size_t>(K.size()), columns = static_cast<std::size_t>(N.size());
  return builder.packed(
      weight, static_cast<std::int64_t>(kernels::packed_size(rows, columns)),
      [rows, columns](const float* value, float* to) { kernels::pack(false, rows, columns, value, columns, to); });
}

// Computes y (rows, N) = x (rows, K) weight (K, N). Training uses no packed copy, since each step changes the weight.
inline void multiply(const Call& call, std::size_t rows, const float* x, Weight weight, Packed packed, float* y) {
  const ConstView w = call[weight];
  const auto K = static_cast<std::size_t>(w.extents[w.extents.rank() - 2]),
             N = static_cast<std::size_t>(w.extents.last());
  if (call.training()) {
    kernels::gemm(false, false, rows, N, K, x, K, w.data, N, 0.0f, y, N);
  } else {
    kernels::gemm(rows, x, K, {false, K, N, w.data, N, call[packed]}, 0.0f, y, N);
  }
}

}  // namespace xeras
