// The products of simd.hpp's table. Included by simd_impl.hpp only.
//
// c is computed in tiles of 6 rows and a few vectors, which stay in registers while the loop goes over K. b comes in
// panels (K, panel_width), one panel after the other: so that the inner loop reads memory in order. Every element of c
// is the sum over K in order, whatever M, N and its place: a row of a batch has the same bits as the row alone, and a
// product that is split among threads those of the whole.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// With the vectors of b and one of a these fill the registers: 32, or 16 where vectors are shorter.
constexpr std::size_t tile_rows = 6;
constexpr std::size_t tile_vectors = XERAS_SIMD_BYTES == 64 ? 4 : 2;
constexpr std::size_t panel_width = tile_vectors * W;

// Blocks: a panel of `deep` rows and the `tall` rows of a that it meets stay in the caches.
constexpr std::size_t deep = 256, tall = 192;
static_assert(deep * panel_width + tall * deep <= gemm_room);

// Two steps of a matrix: from a row to the next, from a column to the next.
struct Steps {
  std::size_t row, column;
};

// c (R, columns) = a (R, K) b (K, N W) + beta c, columns <= N W.
template <std::size_t R, std::size_t N>
void tile(std::size_t K, const float* a, Steps sa, const float* b, std::size_t ldb, float beta, float* c,
          std::size_t ldc, std::size_t columns) {
  V sum[R][N] = {};
  for (std::size_t k = 0; k < K; ++k, a += sa.column, b += ldb) {
    V bk[N];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < N; ++j) bk[j] = load(b + j * W);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < R; ++r) {
      const V ar = splat(a[r * sa.row]);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < N; ++j) sum[r][j] = mul_add(ar, bk[j], sum[r][j]);
    }
  }
#pragma GCC unroll 6
  for (std::size_t r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < N; ++j) {
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

// The same for any number of rows. Every tile_rows rows of a lie `block` floats after those before.
template <std::size_t N>
void tiles(std::size_t M, std::size_t K, const float* a, Steps sa, std::size_t block, const float* b, std::size_t ldb,
           float beta, float* c, std::size_t ldc, std::size_t columns) {
  for (; M >= tile_rows; M -= tile_rows) {
    tile<tile_rows, N>(K, a, sa, b, ldb, beta, c, ldc, columns);
    a += block;
    c += tile_rows * ldc;
  }
  switch (M) {
    case 5:
      return tile<5, N>(K, a, sa, b, ldb, beta, c, ldc, columns);
    case 4:
      return tile<4, N>(K, a, sa, b, ldb, beta, c, ldc, columns);
    case 3:
      return tile<3, N>(K, a, sa, b, ldb, beta, c, ldc, columns);
    case 2:
      return tile<2, N>(K, a, sa, b, ldb, beta, c, ldc, columns);
    case 1:
      return tile<1, N>(K, a, sa, b, ldb, beta, c, ldc, columns);
    default:
      return;
  }
}

// The same with as few vectors as the columns need, or whole panels.
XERAS_INLINE void strip(std::size_t M, std::size_t K, const float* a, Steps sa, std::size_t block, const float* b,
                        std::size_t ldb, float beta, float* c, std::size_t ldc, std::size_t columns) {
  if (columns <= W) return tiles<1>(M, K, a, sa, block, b, ldb, beta, c, ldc, columns);
  if (columns <= 2 * W) return tiles<2>(M, K, a, sa, block, b, ldb, beta, c, ldc, columns);
  return tiles<tile_vectors>(M, K, a, sa, block, b, ldb, beta, c, ldc, columns);
}
XERAS_INLINE std::size_t strip_width(std::size_t columns) {
  return columns <= W ? W : columns <= 2 * W ? 2 * W : panel_width;
}

XERAS_INLINE std::size_t smaller(std::size_t a, std::size_t b) { return a < b ? a : b; }

// to(k, j) = from(j, k) for j < columns: to is (K, ldto), the rows of from are lda apart.
XERAS_INLINE void transpose(const float* from, std::size_t ldfrom, std::size_t K, std::size_t columns, float* to,
                            std::size_t ldto) {
  std::size_t j = 0;
#if defined(__x86_64__)
  for (; j + 4 <= columns; j += 4) {
    const float* f = from + j * ldfrom;
    std::size_t k = 0;
    for (; k + 4 <= K; k += 4) {
      __m128 r0 = _mm_loadu_ps(f + k), r1 = _mm_loadu_ps(f + ldfrom + k), r2 = _mm_loadu_ps(f + 2 * ldfrom + k),
             r3 = _mm_loadu_ps(f + 3 * ldfrom + k);
      _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
      float* t = to + k * ldto + j;
      _mm_storeu_ps(t, r0);
      _mm_storeu_ps(t + ldto, r1);
      _mm_storeu_ps(t + 2 * ldto, r2);
      _mm_storeu_ps(t + 3 * ldto, r3);
    }
    for (; k < K; ++k) {
      for (std::size_t i = 0; i < 4; ++i) to[k * ldto + j + i] = f[i * ldfrom + k];
    }
  }
#endif
  for (; j < columns; ++j) {
    for (std::size_t k = 0; k < K; ++k) to[k * ldto + j] = from[j * ldfrom + k];
  }
}

// b (K, columns) or its transpose to a panel (K, width) with zeros in the columns that b does not have.
void pack_panel(bool trans_b, const float* b, std::size_t ldb, std::size_t K, std::size_t columns, float* to,
                std::size_t width) {
  if (trans_b) {
    transpose(b, ldb, K, columns, to, width);
    for (std::size_t k = 0; k < K && columns < width; ++k) {
      for (std::size_t j = columns; j < width; ++j) to[k * width + j] = 0.0f;
    }
    return;
  }
  for (std::size_t k = 0; k < K; ++k, b += ldb, to += width) {
    for (std::size_t j = 0; j < width; j += W) {
      if (j + W <= columns) {
        store(to + j, load(b + j));
      } else {
        store(to + j, j < columns ? load(b + j, first(columns - j)) : V{});
      }
    }
  }
}

XERAS_INLINE std::size_t panels(std::size_t N) { return (N + panel_width - 1) / panel_width; }

std::size_t packed_size(std::size_t K, std::size_t N) { return K * panels(N) * panel_width; }

// Panels of the first `deep` rows of b, then those of the next.
void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed) {
  for (std::size_t k = 0; k < K; k += deep) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t n = 0; n < N; n += panel_width) {
      pack_panel(trans_b, trans_b ? b + n * ldb + k : b + k * ldb + n, ldb, depth, smaller(panel_width, N - n), packed,
                 panel_width);
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
        strip(smaller(tall, M - m), depth, a + m * lda + k, {lda, 1}, tile_rows * lda, packed + n * depth, panel_width,
              k == 0 ? beta : 1.0f, c + m * ldc + n, ldc, smaller(panel_width, N - n));
      }
    }
    packed += depth * panels(N) * panel_width;
  }
}

// a comes transposed, (K, M): tile_rows of its columns after the other, each (K, tile_rows), so that they lie together.
void pack_rows(std::size_t M, std::size_t K, const float* a, std::size_t lda, float* to) {
  for (std::size_t m = 0; m < M; m += tile_rows, to += tile_rows * K) {
    const std::size_t rows = smaller(tile_rows, M - m);
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t r = 0; r < rows; ++r) to[k * tile_rows + r] = a[k * lda + m + r];
    }
  }
}

// A matrix that meets fewer rows than these is not worth packing.
constexpr std::size_t rows_worth_packing = 4;

void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc, float* room) {
  float *const panel = room, *const rows = room + deep * panel_width;
  for (std::size_t k = 0; k < K; k += deep) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t m = 0; m < M; m += tall) {
      const std::size_t height = smaller(tall, M - m);
      const float* block = trans_a ? rows : a + m * lda + k;
      if (trans_a) pack_rows(height, depth, a + k * lda + m, lda, rows);
      const Steps steps = trans_a ? Steps{1, tile_rows} : Steps{lda, 1};
      for (std::size_t n = 0; n < N; n += panel_width) {
        const std::size_t columns = smaller(panel_width, N - n);
        const float* from = trans_b ? b + n * ldb + k : b + k * ldb + n;
        const bool packs = trans_b || columns < panel_width || M >= rows_worth_packing;
        if (packs) pack_panel(trans_b, from, ldb, depth, columns, panel, strip_width(columns));
        strip(height, depth, block, steps, tile_rows * (trans_a ? depth : lda), packs ? panel : from,
              packs ? strip_width(columns) : ldb, k == 0 ? beta : 1.0f, c + m * ldc + n, ldc, columns);
      }
    }
  }
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
