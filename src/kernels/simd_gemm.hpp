// The matrix products of simd.hpp's table. Included by simd_impl.hpp only.
//
// b is stored as consecutive panels (K, panel_width), so that the inner loop reads memory in order; products with few
// rows read b unpacked. Every element of c is the sum over K in order, whatever M, N and its place. Therefore a row of
// a batch has the same bits as the row alone, and a product split among threads has the same bits as the whole.

#pragma once

#include "kernels/simd_tile.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// Block sizes: a panel of `deep` rows and the `tall` rows of a that it multiplies stay in the caches.
constexpr std::size_t deep = 256, tall = XERAS_SIMD_BYTES == 64 ? 384 : 192;
static_assert(deep * panel_width + tall * deep <= gemm_room);

#if XERAS_SIMD_BYTES >= 32
constexpr std::size_t square = 8;
// to (8, ldto) = the transpose of from (8, ldfrom).
XERAS_INLINE void transpose_square(const float* from, std::size_t ldfrom, float* to, std::size_t ldto) {
  __m256 r[8], pairs[8];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) r[i] = _mm256_loadu_ps(from + i * ldfrom);
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma GCC unroll 2
  for (std::size_t i = 0; i < 8; i += 4) {
    r[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    r[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
    r[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    r[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    _mm256_storeu_ps(to + i * ldto, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
    _mm256_storeu_ps(to + (i + 4) * ldto, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
}
#elif defined(__x86_64__)
constexpr std::size_t square = 4;
// to (4, ldto) = the transpose of from (4, ldfrom).
XERAS_INLINE void transpose_square(const float* from, std::size_t ldfrom, float* to, std::size_t ldto) {
  __m128 r0 = _mm_loadu_ps(from), r1 = _mm_loadu_ps(from + ldfrom), r2 = _mm_loadu_ps(from + 2 * ldfrom),
         r3 = _mm_loadu_ps(from + 3 * ldfrom);
  _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
  _mm_storeu_ps(to, r0);
  _mm_storeu_ps(to + ldto, r1);
  _mm_storeu_ps(to + 2 * ldto, r2);
  _mm_storeu_ps(to + 3 * ldto, r3);
}
#else
constexpr std::size_t square = 1;
XERAS_INLINE void transpose_square(const float* from, std::size_t, float* to, std::size_t) { *to = *from; }
#endif

// Transposes: to(k, j) = from(j, k) for j < columns. `to` is (K, ldto); the rows of `from` are ldfrom apart.
XERAS_INLINE void transpose(const float* from, std::size_t ldfrom, std::size_t K, std::size_t columns, float* to,
                            std::size_t ldto) {
  std::size_t j = 0;
  for (; j + square <= columns; j += square) {
    const float* f = from + j * ldfrom;
    std::size_t k = 0;
    for (; k + square <= K; k += square) transpose_square(f + k, ldfrom, to + k * ldto + j, ldto);
    for (; k < K; ++k) {
      for (std::size_t i = 0; i < square; ++i) to[k * ldto + j + i] = f[i * ldfrom + k];
    }
  }
  for (; j < columns; ++j) {
    for (std::size_t k = 0; k < K; ++k) to[k * ldto + j] = from[j * ldfrom + k];
  }
}

// Packs b (K, columns) or its transpose into a panel (K, width), with zeros in the columns that b lacks.
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

XERAS_INLINE std::size_t packed_width(std::size_t N) {
  return N / panel_width * panel_width + (N % panel_width > 0 ? strip_width(N % panel_width) : 0);
}

std::size_t packed_size(std::size_t K, std::size_t N) { return K * packed_width(N); }

// Packs the panels of the first `deep` rows of b, then those of the next `deep` rows, and so on.
void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed) {
  for (std::size_t k = 0; k < K; k += deep) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t n = 0; n < N; n += panel_width) {
      const std::size_t columns = smaller(panel_width, N - n), width = strip_width(columns);
      pack_panel(trans_b, trans_b ? b + n * ldb + k : b + k * ldb + n, ldb, depth, columns, packed, width);
      packed += depth * width;
    }
  }
}

static_assert(64 % panel_width == 0);  // so that each part of the columns begins with a panel

void gemm_packed(std::size_t M, std::size_t N, std::size_t K, std::size_t first, std::size_t columns, const float* a,
                 std::size_t lda, const float* packed, float beta, float* c, std::size_t ldc, bool backwards) {
  for (std::size_t k = 0; k < K; k += deep, beta = 1.0f) {
    const std::size_t depth = smaller(deep, K - k);
    const Columns b{packed + first * depth, panel_width, depth * panel_width};
    if (M == 1) {
      few_rows_of_panels<1>(depth, {a + k, lda, 1}, b, beta, c, ldc, columns, backwards);
    } else if (M == 2) {
      few_rows_of_panels<2>(depth, {a + k, lda, 1}, b, beta, c, ldc, columns, backwards);
    } else if (M == 3) {
      few_rows_of_panels<3>(depth, {a + k, lda, 1}, b, beta, c, ldc, columns, backwards);
    } else {
      for (std::size_t m = 0; m < M; m += tall) {
        for (std::size_t n = 0; n < columns; n += panel_width) {
          panel_product(smaller(tall, M - m), depth, {a + m * lda + k, lda, 1}, tile_rows * lda,
                        {b.data + n * depth, panel_width}, beta, c + m * ldc + n, ldc,
                        smaller(panel_width, columns - n));
        }
      }
    }
    packed += depth * packed_width(N);
  }
}

// Packs a transposed a, (K, M): each tile_rows of its columns become one contiguous block (K, tile_rows). Reads a few
// cache lines of each row at a time.
void pack_rows(std::size_t M, std::size_t K, const float* a, std::size_t lda, float* to) {
  constexpr std::size_t lines = 8 * tile_rows;
  std::size_t m = 0;
  for (; m + lines <= M; m += lines, to += lines * K) {
    for (std::size_t k = 0; k < K; ++k) {
      const float* from = a + k * lda + m;
#pragma GCC unroll 8
      for (std::size_t i = 0; i < lines; i += tile_rows) {
        __builtin_memcpy(to + i * K + k * tile_rows, from + i, tile_rows * sizeof(float));
      }
    }
  }
  for (; m < M; m += tile_rows, to += tile_rows * K) {
    const std::size_t rows = smaller(tile_rows, M - m);
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t r = 0; r < rows; ++r) to[k * tile_rows + r] = a[k * lda + m + r];
    }
  }
}

// c (R, N) = a (R, K) b (K, N) + beta c for few rows, R <= most_rows.
XERAS_INLINE void few_rows_product(std::size_t R, std::size_t K, Rows a, Columns b, float beta, float* c,
                                   std::size_t ldc, std::size_t N) {
  switch (R) {
    case 1:
      return few_rows<1>(K, a, b, beta, c, ldc, N);
    case 2:
      return few_rows<2>(K, a, b, beta, c, ldc, N);
    case 3:
      return few_rows<3>(K, a, b, beta, c, ldc, N);
    case 4:
      return few_rows<4>(K, a, b, beta, c, ldc, N);
    case 5:
      return few_rows<5>(K, a, b, beta, c, ldc, N);
    case 6:
      return few_rows<6>(K, a, b, beta, c, ldc, N);
    case 7:
      return few_rows<smaller(7, most_rows)>(K, a, b, beta, c, ldc, N);
    default:
      return few_rows<most_rows>(K, a, b, beta, c, ldc, N);
  }
}

// Packing b pays from this number of rows on.
constexpr std::size_t rows_worth_packing = 2 * most_rows + 1;

// Computes products with fewer rows: in parts of nearly equal numbers of rows, and of columns that stay in the caches
// until the last part.
void gemm_unpacked(std::size_t M, std::size_t N, std::size_t K, Rows a, const float* b, std::size_t ldb, float beta,
                   float* c, std::size_t ldc) {
  const std::size_t parts = (M + most_rows - 1) / most_rows;
  const std::size_t most_columns = parts == 1 ? N : 240;
  for (std::size_t k = 0; k < K; k += deep, beta = 1.0f) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t n = 0; n < N; n += most_columns) {
      for (std::size_t i = 0; i < parts; ++i) {
        const std::size_t m = M * i / parts;
        few_rows_product(M * (i + 1) / parts - m, depth, {a.data + m * a.row + k * a.column, a.row, a.column},
                         {b + k * ldb + n, ldb}, beta, c + m * ldc + n, ldc, smaller(most_columns, N - n));
      }
    }
  }
}

void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc, float* room) {
  if (!trans_b && M < rows_worth_packing) {
    return gemm_unpacked(M, N, K, trans_a ? Rows{a, 1, lda} : Rows{a, lda, 1}, b, ldb, beta, c, ldc);
  }
  float *const panel = room, *const rows = room + deep * panel_width;
  for (std::size_t k = 0; k < K; k += deep, beta = 1.0f) {
    const std::size_t depth = smaller(deep, K - k);
    for (std::size_t m = 0; m < M; m += tall) {
      const std::size_t height = smaller(tall, M - m);
      if (trans_a) pack_rows(height, depth, a + k * lda + m, lda, rows);
      const Rows block = trans_a ? Rows{rows, 1, tile_rows} : Rows{a + m * lda + k, lda, 1};
      for (std::size_t n = 0; n < N; n += panel_width) {
        const std::size_t columns = smaller(panel_width, N - n);
        pack_panel(trans_b, trans_b ? b + n * ldb + k : b + k * ldb + n, ldb, depth, columns, panel,
                   strip_width(columns));
        panel_product(height, depth, block, tile_rows * (trans_a ? depth : lda), {panel, panel_width}, beta,
                      c + m * ldc + n, ldc, columns);
      }
    }
  }
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
