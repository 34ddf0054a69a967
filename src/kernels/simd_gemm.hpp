// The product with a packed matrix of simd.hpp's table. Included by simd_impl.hpp only.
//
// c is computed in tiles of 6 rows and a few vectors, which stay in registers while the loop goes over K. b comes in
// panels (K, panel_width), one panel after the other, as `pack` makes them: so that the inner loop reads memory in
// order. Every element of c is the sum over K in order, whatever M, N and its place: a row of a batch has the same bits
// as the row alone.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// With the vectors of b and one of a these fill the registers: 32, or 16 where vectors are shorter.
constexpr std::size_t tile_rows = 6;
constexpr std::size_t tile_vectors = XERAS_SIMD_BYTES == 64 ? 4 : 2;
constexpr std::size_t panel_width = tile_vectors * W;

// Blocks: a panel of `deep` rows and the `tall` rows of a that it meets stay in the caches.
constexpr std::size_t deep = 256, tall = 96;

// c (R, columns) = a (R, K) b (K, panel_width) + beta c, columns <= panel_width.
template <std::size_t R>
void tile(std::size_t K, const float* a, std::size_t lda, const float* b, float beta, float* c, std::size_t ldc,
          std::size_t columns) {
  V sum[R][tile_vectors] = {};
  for (std::size_t k = 0; k < K; ++k, b += panel_width) {
    V bk[tile_vectors];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile_vectors; ++j) bk[j] = load(b + j * W);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < R; ++r) {
      const V ar = splat(a[r * lda + k]);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < tile_vectors; ++j) sum[r][j] = mul_add(ar, bk[j], sum[r][j]);
    }
  }
#pragma GCC unroll 6
  for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile_vectors; ++j) {
      float* to = c + r * ldc + j * W;
      if ((j + 1) * W <= columns) {
        store(to, beta == 0.0f ? sum[r][j] : mul_add(load(to), beta, sum[r][j]));
      } else if (j * W < columns) {
        const Part part = first(columns - j * W);
        store(to, beta == 0.0f ? sum[r][j] : mul_add(load(to, part), beta, sum[r][j]), part);
      }
    }
  }
}

// The same for any number of rows.
void tiles(std::size_t M, std::size_t K, const float* a, std::size_t lda, const float* b, float beta, float* c,
           std::size_t ldc, std::size_t columns) {
  for (; M >= tile_rows; M -= tile_rows) {
    tile<tile_rows>(K, a, lda, b, beta, c, ldc, columns);
    a += tile_rows * lda;
    c += tile_rows * ldc;
  }
  switch (M) {
    case 5:
      return tile<5>(K, a, lda, b, beta, c, ldc, columns);
    case 4:
      return tile<4>(K, a, lda, b, beta, c, ldc, columns);
    case 3:
      return tile<3>(K, a, lda, b, beta, c, ldc, columns);
    case 2:
      return tile<2>(K, a, lda, b, beta, c, ldc, columns);
    case 1:
      return tile<1>(K, a, lda, b, beta, c, ldc, columns);
    default:
      return;
  }
}

XERAS_INLINE std::size_t smaller(std::size_t a, std::size_t b) { return a < b ? a : b; }

// b (K, columns), its element (k, j) at b[k * row + j * column], columns <= panel_width, to a panel (K, panel_width)
// with zeros in the columns that b does not have.
void pack_panel(const float* b, std::size_t row, std::size_t column, std::size_t K, std::size_t columns, float* to) {
  for (std::size_t k = 0; k < K; ++k, to += panel_width) {
    for (std::size_t j = 0; j < columns; ++j) to[j] = b[k * row + j * column];
    for (std::size_t j = columns; j < panel_width; ++j) to[j] = 0.0f;
  }
}

XERAS_INLINE std::size_t panels(std::size_t N) { return (N + panel_width - 1) / panel_width; }

std::size_t packed_size(std::size_t K, std::size_t N) { return K * panels(N) * panel_width; }

// Panels of the first `deep` rows of b, then those of the next.
void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed) {
  const std::size_t row = trans_b ? 1 : ldb, column = trans_b ? ldb : 1;
  for (std::size_t k = 0; k < K; k += deep) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t n = 0; n < N; n += panel_width) {
      pack_panel(b + k * row + n * column, row, column, depth, smaller(panel_width, N - n), packed);
      packed += depth * panel_width;
    }
  }
}

void gemm_packed(std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda, const float* packed,
                 float beta, float* c, std::size_t ldc) {
  for (std::size_t k = 0; k < K; k += deep) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t m = 0; m < M; m += tall) {
      for (std::size_t n = 0; n < N; n += panel_width) {
        tiles(smaller(tall, M - m), depth, a + m * lda + k, lda, packed + n * depth, k == 0 ? beta : 1.0f,
              c + m * ldc + n, ldc, smaller(panel_width, N - n));
      }
    }
    packed += depth * panels(N) * panel_width;
  }
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
