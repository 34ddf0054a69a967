#include "initializers/orthonormalize.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"

namespace xeras::initializers {

// Gram and Schmidt's method. In blocks, so that nearly all of the work is matrix products; and twice, since once leaves
// rounding errors that grow with the number of rows.
void orthonormalize(float* v, std::size_t count, std::size_t length) {
  constexpr std::size_t block = 32;
  const auto& simd = kernels::simd();
  std::vector<float> products(block * count);
  for (std::size_t first = 0; first < count; first += block) {
    const std::size_t rows = std::min(block, count - first);
    float* const here = v + first * length;
    for (int pass = 0; pass < 2; ++pass) {
      if (first > 0) {
        kernels::gemm(false, true, rows, first, length, here, length, v, length, 0.0f, products.data(), first);
        simd.scale(-1.0f, products.data(), rows * first);
        kernels::gemm(false, false, rows, length, first, products.data(), first, v, length, 1.0f, here, length);
      }
      for (std::size_t r = 0; r < rows; ++r) {
        float* const row = here + r * length;
        for (std::size_t q = 0; q < r; ++q) {
          simd.axpy(-simd.dot(row, here + q * length, length), here + q * length, row, length);
        }
        simd.scale(1.0f / std::sqrt(simd.sum_of_squares(row, length)), row, length);
      }
    }
  }
}

}  // namespace xeras::initializers
