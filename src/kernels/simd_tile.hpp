// The innermost part of the products of simd_gemm.hpp, its only includer: a tile of c stays in registers during the
// loop over K. Every element of c is the sum over K in order, whatever the tile's form and the element's place in it.

#pragma once

#include <type_traits>

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// The tile of large products. Together with the vectors of b and one of a it fills the registers: 32, or 16 for shorter
// vectors.
constexpr std::size_t tile_rows = 6;
constexpr std::size_t tile_vectors = XERAS_SIMD_BYTES == 64 ? 4 : 2;
constexpr std::size_t panel_width = tile_vectors * W;

// The vectors in a row of a tile of R rows. Tiles of few rows are wider, so that enough sums are in progress at a time.
constexpr std::size_t most_rows = XERAS_SIMD_BYTES == 64 ? 8 : 6;
constexpr std::size_t wide(std::size_t R) {
  constexpr std::size_t vectors[2][8] = {{8, 4, 4, 3, 2, 2, 2, 2}, {16, 8, 8, 6, 5, 4, 3, 3}};
  return vectors[XERAS_SIMD_BYTES == 64][R - 1];
}

XERAS_INLINE constexpr std::size_t smaller(std::size_t a, std::size_t b) { return a < b ? a : b; }

// The rows of a: `row` is the distance between rows, `column` that between columns.
struct Rows {
  const float* data;
  std::size_t row, column;
};

// The columns of b. They are contiguous in rows that are `row` apart, or in panels of panel_width columns that are
// `panel` apart.
struct Columns {
  const float* data;
  std::size_t row;
  std::size_t panel = panel_width;
};

// c (R, columns) = a (R, K) b (K, columns) + beta c with (N - 1) W < columns <= N W. If `ragged`, nothing past the
// columns of b is read; else b has N W columns.
//
// Rows and Columns are passed by reference. By value, the compiler would copy them with vector loads from memory that
// was just written word by word, and such a load waits until all earlier stores are complete.
template <std::size_t R, std::size_t N, bool ragged>
void tile(std::size_t K, const Rows& rows_of_a, const Columns& columns_of_b, float beta, float* c, std::size_t ldc,
          std::size_t columns) {
  const std::size_t rest = columns - (N - 1) * W;
  const bool whole = rest == W;
  const Part part = first(whole ? 1 : rest);
  const float *a = rows_of_a.data, *b = columns_of_b.data;
  const std::size_t a_row = rows_of_a.row, a_column = rows_of_a.column;
  const std::size_t b_row = columns_of_b.row, panel = columns_of_b.panel;
  V sum[R][N] = {};
  if (beta != 0.0f) {
    // Brings c into the cache while the sums are computed.
    for (std::size_t r = 0; r < R; ++r) {
      for (std::size_t j = 0; j < N; ++j) __builtin_prefetch(c + r * ldc + j * W, 1);
    }
  }
  const auto sum_up = [&](auto load_last) XERAS_LAMBDA {
    for (std::size_t k = 0; k < K; ++k, a += a_column, b += b_row) {
      V bk[N];
#pragma GCC unroll 16
      for (std::size_t j = 0; j < N; ++j) {
        const float* const vector = b + j / tile_vectors * panel + j % tile_vectors * W;
        bk[j] = j + 1 < N ? load(vector) : load_last(vector);
        if constexpr (R > 1) keep_in_register(bk[j]);
      }
#pragma GCC unroll 8
      for (std::size_t r = 0; r < R; ++r) {
        const V ar = splat(a[r * a_row]);
#pragma GCC unroll 16
        for (std::size_t j = 0; j < N; ++j) sum[r][j] = mul_add(ar, bk[j], sum[r][j]);
      }
    }
  };
  if (!ragged || whole) {
    sum_up([](const float* p) XERAS_LAMBDA { return load(p); });
  } else {
    sum_up([&](const float* p) XERAS_LAMBDA { return load(p, part); });
  }
  const auto write = [&](auto added, auto last_is_whole) XERAS_LAMBDA {
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r, c += ldc) {
#pragma GCC unroll 16
      for (std::size_t j = 0; j < N; ++j) {
        float* const to = c + j * W;
        if (last_is_whole || j + 1 < N) {
          store(to, added ? mul_add(load(to), beta, sum[r][j]) : sum[r][j]);
        } else {
          store(to, added ? mul_add(load(to, part), beta, sum[r][j]) : sum[r][j], part);
        }
      }
    }
  };
  if (beta == 0.0f) {
    whole ? write(std::false_type(), std::true_type()) : write(std::false_type(), std::false_type());
  } else {
    whole ? write(std::true_type(), std::true_type()) : write(std::true_type(), std::false_type());
  }
}

// Computes the largest tile of at most this many columns; returns the number of columns done.
template <std::size_t R, std::size_t N, bool ragged>
XERAS_INLINE std::size_t widest_tile(std::size_t K, Rows a, Columns b, float beta, float* c, std::size_t ldc,
                                     std::size_t columns) {
  if constexpr (N > 1) {
    constexpr std::size_t smaller_N = N > 8 ? 8 : N > 4 ? 4 : N > 2 ? 2 : 1;
    if (columns <= (N - 1) * W) return widest_tile<R, smaller_N, ragged>(K, a, b, beta, c, ldc, columns);
  }
  const std::size_t done = smaller(N * W, columns);
  tile<R, N, ragged>(K, a, b, beta, c, ldc, done);
  return done;
}

// Computes c (R, columns) for few rows with an unpacked b.
template <std::size_t R>
void few_rows(std::size_t K, Rows a, Columns b, float beta, float* c, std::size_t ldc, std::size_t columns) {
  while (columns > 0) {
    const std::size_t done = widest_tile<R, wide(R), true>(K, a, b, beta, c, ldc, columns);
    b.data += done, c += done, columns -= done;
  }
}

// Returns the width of the last panel of a packed b: whole vectors that hold its columns.
XERAS_INLINE std::size_t strip_width(std::size_t columns) { return (columns + W - 1) / W * W; }

// Calls use(N), where the constant N is the number of vectors in a panel of this many columns.
template <std::size_t N = 1, class Use>
XERAS_INLINE void with_vectors(std::size_t columns, Use use) {
  if constexpr (N < tile_vectors) {
    if (columns > N * W) return with_vectors<N + 1>(columns, use);
  }
  use(std::integral_constant<std::size_t, N>());
}

// Computes c for few rows with a packed b, several panels at a time. Backwards, it begins with the panels that the
// previous product read last, which are still in the cache.
template <std::size_t R>
void few_rows_of_panels(std::size_t K, Rows a, Columns b, float beta, float* c, std::size_t ldc, std::size_t columns,
                        bool backwards) {
  // A single row waits for memory, not for sums. It takes the smallest group, so that more of the last one is still in
  // the cache.
  constexpr std::size_t panels = R == 1 && tile_vectors == 4 ? 1 : wide(R) / tile_vectors;
  const std::size_t groups = (columns + panels * panel_width - 1) / (panels * panel_width);
  for (std::size_t i = 0; i < groups; ++i) {
    const std::size_t group = backwards ? groups - 1 - i : i, first = group * panels * panel_width;
    std::size_t rest = smaller(columns - first, panels * panel_width);
    Columns of_group{b.data + group * panels * b.panel, panel_width, b.panel};
    float* to = c + first;
    if (rest > (panels * tile_vectors - 1) * W) {
      tile<R, panels * tile_vectors, false>(K, a, of_group, beta, to, ldc, rest);
      continue;
    }
    for (; rest > 0; of_group.data += b.panel, to += panel_width) {
      const std::size_t done = smaller(rest, panel_width);
      of_group.row = strip_width(done);
      with_vectors(done, [&](auto N) XERAS_LAMBDA { tile<R, N, false>(K, a, of_group, beta, to, ldc, done); });
      rest -= done;
    }
  }
}

// c (M, columns) of one panel of N vectors. Each tile_rows rows of a start `block` floats after the previous ones; if
// they are not interleaved, all rows are a.row apart.
template <std::size_t N>
void rows_of_panel(std::size_t M, std::size_t K, Rows a, std::size_t block, Columns b, float beta, float* c,
                   std::size_t ldc, std::size_t columns) {
  const bool interleaved = block != tile_rows * a.row;
  while (M > 0) {
    // The last rows form two equal parts, since one or two rows alone leave registers empty.
    const bool halves = !interleaved && M > tile_rows && M < 2 * tile_rows;
    const std::size_t rows = halves ? (M + 1) / 2 : smaller(M, tile_rows);
    switch (rows) {
      case 6:
        tile<6, N, false>(K, a, b, beta, c, ldc, columns);
        break;
      case 5:
        tile<5, N, false>(K, a, b, beta, c, ldc, columns);
        break;
      case 4:
        tile<4, N, false>(K, a, b, beta, c, ldc, columns);
        break;
      case 3:
        tile<3, N, false>(K, a, b, beta, c, ldc, columns);
        break;
      case 2:
        tile<2, N, false>(K, a, b, beta, c, ldc, columns);
        break;
      default:
        tile<1, N, false>(K, a, b, beta, c, ldc, columns);
    }
    a.data += rows == tile_rows ? block : rows * a.row;
    c += rows * ldc;
    M -= rows;
  }
}

XERAS_INLINE void panel_product(std::size_t M, std::size_t K, Rows a, std::size_t block, Columns b, float beta,
                                float* c, std::size_t ldc, std::size_t columns) {
  b.row = strip_width(columns);
  with_vectors(columns, [&](auto N) XERAS_LAMBDA { rows_of_panel<N>(M, K, a, block, b, beta, c, ldc, columns); });
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
