#include "initializers/orthonormalize.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "kernels/blas.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xtensor.hpp"

// This comes after xeras/xtensor.hpp, which includes xtensor from its place in the installed release.
#include <xtensor-blas/xlinalg.hpp>

namespace xeras::initializers {
namespace {

// Checks the result, because an OpenBLAS older than the processor may compute nonsense.
void check_rows(const float* v, std::size_t count, std::size_t length, bool failed) {
  constexpr float tolerance = 1e-3f;
  for (std::size_t r = 0; r < count; ++r) {
    const float* row = v + r * length;
    const float norm = kernels::simd().sum_of_squares(row, length);
    const float next = r + 1 < count ? kernels::simd().dot(row, row + length, length) : 0.0f;
    if (!failed && std::abs(norm - 1.0f) < tolerance && std::abs(next) < tolerance) continue;
    throw Error(
        fmt::format("Orthogonal: {} computed a wrong decomposition; expected orthonormal rows. Set the environment "
                    "variable OPENBLAS_CORETYPE to an older processor, such as Haswell.",
                    kernels::blas_name()));
  }
}

}  // namespace

void orthonormalize(float* v, std::size_t count, std::size_t length) {
  if (count == 0) return;
  const kernels::SingleThreadedBlas alone;
  // In column-major order the rows of v are columns.
  constexpr auto column_major = xt::layout_type::column_major;
  auto columns = xt::adapt<column_major>(v, count * length, xt::no_ownership(), std::array{length, count});
  auto reflectors = xt::xtensor<float, 1, column_major>::from_shape({count});
  std::vector<bool> is_negative(count);
  int failed = xt::lapack::geqrf(columns, reflectors);
  for (std::size_t i = 0; i < count; ++i) is_negative[i] = v[i * length + i] < 0.0f;  // R's diagonal
  if (failed == 0) failed = xt::lapack::orgqr(columns, reflectors);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_negative[i]) kernels::simd().scale(-1.0f, v + i * length, length);
  }
  check_rows(v, count, length, failed != 0);
}

}  // namespace xeras::initializers
