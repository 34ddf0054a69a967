// The only implementation of simd.hpp's table, in the vector extension of GCC and clang. Each of simd_sse2.cpp,
// simd_avx2.cpp and simd_avx512.cpp defines XERAS_SIMD_ISA (a namespace) and XERAS_SIMD_BYTES (the width of a vector),
// then includes this file once.
//
// Everything but the table has internal linkage, and nothing from the standard library is called. Otherwise the linker
// might choose an inline function compiled here for AVX for the whole program, which would crash on an older processor.
//
// No loop peels for alignment, and the last few elements use the same vector code as all others, so a result does not
// depend on the place of its element.

#pragma once

#include "kernels/long_sums.hpp"
#include "kernels/simd.hpp"
#include "kernels/simd_gemm.hpp"
#include "kernels/simd_random.hpp"
#include "kernels/simd_recurrent.hpp"
#include "kernels/simd_rows.hpp"
#include "kernels/simd_update.hpp"
#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// ---- Elementwise ----

// y(i) = f(x(i)).
template <class F>
XERAS_INLINE void map(const float* x, float* y, std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + W <= n; i += W) store(y + i, f(load(x + i)));
  if (i < n) {
    const Part rest = first(n - i);
    store(y + i, f(load(x + i, rest)), rest);
  }
}

// y(i) = f(a(i), b(i)).
template <class F>
XERAS_INLINE void map(const float* a, const float* b, float* y, std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + W <= n; i += W) store(y + i, f(load(a + i), load(b + i)));
  if (i < n) {
    const Part rest = first(n - i);
    store(y + i, f(load(a + i, rest), load(b + i, rest)), rest);
  }
}

void exp(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](V v) XERAS_LAMBDA { return exp_of(v); });
}

void log(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](V v) XERAS_LAMBDA { return log_of(v); });
}

void tanh(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](V v) XERAS_LAMBDA { return tanh_of(v); });
}

void sigmoid(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](V v) XERAS_LAMBDA { return sigmoid_of(v); });
}

void relu(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](V v) XERAS_LAMBDA { return at_least(v, V{}); });
}

void axpy(float a, const float* x, float* y, std::size_t n) {
  map(x, y, y, n, [a](V v, V w) XERAS_LAMBDA { return mul_add(v, a, w); });
}

void scale(float a, float* y, std::size_t n) {
  map(y, y, n, [a](V v) XERAS_LAMBDA { return v * a; });
}

void affine(float a, const float* x, float b, float* y, std::size_t n) {
  map(x, y, n, [a, b](V v) XERAS_LAMBDA { return mul_add(v, splat(a), b); });
}

void multiply(const float* a, const float* b, float* y, std::size_t n) {
  map(a, b, y, n, [](V v, V w) XERAS_LAMBDA { return v * w; });
}

void larger(const float* a, const float* b, float* y, std::size_t n) {
  map(a, b, y, n, [](V v, V w) XERAS_LAMBDA { return (~(w <= v) & (v == v)) ? w : v; });
}

// ---- Rows ----

// y (rows, cols) += bias (cols).
void add_bias(float* y, const float* bias, std::size_t rows, std::size_t cols) {
  if (cols == 1) {
    const float a = bias[0];
    map(y, y, rows, [a](V v) XERAS_LAMBDA { return v + a; });
    return;
  }
  for (std::size_t r = 0; r < rows; ++r, y += cols) {
    map(y, bias, y, cols, [](V v, V w) XERAS_LAMBDA { return v + w; });
  }
}

// Computes the softmax, or its log, of one row: x, y (cols).
template <bool Log>
XERAS_INLINE void softmax_row(const float* x, float* y, std::size_t cols) {
  const std::size_t full = cols - cols % W;
  const bool has_rest = full < cols;
  const Part rest = first(has_rest ? cols - full : 1);

  V highest = splat(-infinity);
  for (std::size_t c = 0; c < full; c += W) highest = at_least(highest, load(x + c));
  if (has_rest) highest = at_least(highest, load(x + full, rest, -infinity));
  const float max = fold(highest, Max());

  V sums = {};
  double before = 0.0;  // sums of the earlier blocks
  for (std::size_t c = 0; c < full;) {
    if (c > 0) before += total(sums);
    sums = V{};
    for (const std::size_t end = c + terms_in_float * W; c < full && c < end; c += W) {
      const V shifted = load(x + c) - max;
      const V e = exp_of(shifted);
      sums += e;
      store(y + c, Log ? shifted : e);
    }
  }
  if (has_rest) {
    const V shifted = load(x + full, rest, -infinity) - max;
    const V e = exp_of(shifted);
    sums += e;
    store(y + full, Log ? shifted : e, rest);
  }

  const auto sum = static_cast<float>(before + total(sums));
  if constexpr (Log) {
    const V a = log_of(splat(sum));
    map(y, y, cols, [a](V v) XERAS_LAMBDA { return v - a; });
  } else {
    scale(1.0f / sum, y, cols);
  }
}

// As softmax_row for cols <= W, with the row in a register.
template <bool Log>
XERAS_INLINE void softmax_short_rows(const float* x, float* y, std::size_t rows, std::size_t cols) {
  const Part part = first(cols);
  for (std::size_t r = 0; r < rows; ++r, x += cols, y += cols) {
    const V v = load(x, part, -infinity);
    const V shifted = v - fold(v, Max());
    const V e = exp_of(shifted);
    const float sum = total(e);
    store(y, Log ? shifted - log_of(splat(sum)) : e * (1.0f / sum), part);
  }
}

template <bool Log>
XERAS_INLINE void softmax_rows(const float* x, float* y, std::size_t rows, std::size_t cols) {
  if (cols == 0) return;
  if (cols < W) return softmax_short_rows<Log>(x, y, rows, cols);
  for (std::size_t r = 0; r < rows; ++r) softmax_row<Log>(x + r * cols, y + r * cols, cols);
}

// x, y (rows, cols).
void softmax(const float* x, float* y, std::size_t rows, std::size_t cols) { softmax_rows<false>(x, y, rows, cols); }

// x, y (rows, cols).
void log_softmax(const float* x, float* y, std::size_t rows, std::size_t cols) { softmax_rows<true>(x, y, rows, cols); }

// ---- Sums: four accumulators, so that additions do not wait for each other, in blocks of equal numbers of terms ----

// f(s, i) adds the vector at i to s; g(s, i, part) adds the last lanes, padded with zeros.
template <class F, class G>
XERAS_INLINE float total_of(std::size_t n, F f, G g) {
  V s0 = {}, s1 = {}, s2 = {}, s3 = {};
  const auto all = [&]() XERAS_LAMBDA { return total((s0 + s1) + (s2 + s3)); };
  double before = 0.0;  // sums of the earlier blocks
  std::size_t i = 0;
  while (i + 4 * W <= n) {
    if (i > 0) before += all();
    s0 = s1 = s2 = s3 = V{};
    for (const std::size_t end = i + 4 * W * terms_in_float; i < end && i + 4 * W <= n; i += 4 * W) {
      s0 = f(s0, i);
      s1 = f(s1, i + W);
      s2 = f(s2, i + 2 * W);
      s3 = f(s3, i + 3 * W);
    }
  }
  for (; i + W <= n; i += W) s0 = f(s0, i);
  if (i < n) s1 = g(s1, i, first(n - i));
  return static_cast<float>(before + all());
}

float dot(const float* x, const float* y, std::size_t n) {
  return total_of(
      n, [=](V s, std::size_t i) XERAS_LAMBDA { return mul_add(load(x + i), load(y + i), s); },
      [=](V s, std::size_t i, const Part& rest)
          XERAS_LAMBDA { return mul_add(load(x + i, rest), load(y + i, rest), s); });
}

float sum(const float* x, std::size_t n) {
  return total_of(
      n, [=](V s, std::size_t i) XERAS_LAMBDA { return s + load(x + i); },
      [=](V s, std::size_t i, const Part& rest) XERAS_LAMBDA { return s + load(x + i, rest); });
}

float sum_of_squares(const float* x, std::size_t n) { return dot(x, x, n); }

void add_to_doubles(const float* x, double* sum, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += x[i];
}

bool all_finite(const float* x, std::size_t n) {
  constexpr std::uint32_t exponent = 0x7f800000u;  // all ones in infinity and NaN
  I found = {};
  std::size_t i = 0;
  for (; i + W <= n; i += W) found |= ((U)load(x + i) & exponent) == exponent;
  if (i < n) found |= ((U)load(x + i, first(n - i)) & exponent) == exponent;
  std::int32_t any = 0;
  for (std::size_t lane = 0; lane < W; ++lane) any |= found[lane];
  return any == 0;
}

// ---- Sequences and tables ----

// x (rows, width), sum (width). N vectors cover the width; if it is not a multiple of W, the last vector overlaps the
// one before it.
template <std::size_t N>
XERAS_INLINE void add_masked_columns(const float* x, std::size_t ldx, const std::uint8_t* mask, float* sum,
                                     std::size_t rows, std::size_t width) {
  const std::size_t last = width - W;
  V s[N];
  for (std::size_t i = 0; i + 1 < N; ++i) s[i] = load(sum + i * W);
  s[N - 1] = load(sum + last);
  for (std::size_t r = 0; r < rows; ++r, x += ldx) {
    if (mask != nullptr && mask[r] == 0) continue;
    for (std::size_t i = 0; i + 1 < N; ++i) s[i] += load(x + i * W);
    s[N - 1] += load(x + last);
  }
  for (std::size_t i = 0; i + 1 < N; ++i) store(sum + i * W, s[i]);
  store(sum + last, s[N - 1]);
}

// x (rows, cols), mask (rows) or null, sum (cols).
void add_masked_rows(const float* x, std::size_t ldx, const std::uint8_t* mask, float* sum, std::size_t rows,
                     std::size_t cols) {
  std::size_t c = 0;
  for (; cols - c >= 8 * W; c += 8 * W) add_masked_columns<8>(x + c, ldx, mask, sum + c, rows, 8 * W);
  for (; cols - c > 4 * W; c += 4 * W) add_masked_columns<4>(x + c, ldx, mask, sum + c, rows, 4 * W);
  const std::size_t width = cols - c;
  x += c;
  sum += c;
  if (width < W) {
    if (width == 0) return;
    const Part part = first(width);
    V s = load(sum, part);
    for (std::size_t r = 0; r < rows; ++r, x += ldx) {
      if (mask == nullptr || mask[r] != 0) s += load(x, part);
    }
    return store(sum, s, part);
  }
  switch ((width + W - 1) / W) {
    case 1:
      return add_masked_columns<1>(x, ldx, mask, sum, rows, width);
    case 2:
      return add_masked_columns<2>(x, ldx, mask, sum, rows, width);
    case 3:
      return add_masked_columns<3>(x, ldx, mask, sum, rows, width);
    case 4:
      return add_masked_columns<4>(x, ldx, mask, sum, rows, width);
  }
}

// table (V, D), ids (n), y (n, D) with (N - 1) W < D <= N W. A row is N vectors, the last two of which may overlap.
template <std::size_t N>
XERAS_INLINE void gather_vectors(const float* table, const std::int32_t* ids, float* y, std::size_t n, std::size_t D) {
  for (std::size_t i = 0; i < n; ++i, y += D) {
    const float* row = table + static_cast<std::size_t>(ids[i]) * D;
    for (std::size_t j = 0; j + 1 < N; ++j) store(y + j * W, load(row + j * W));
    store(y + D - W, load(row + D - W));
  }
}

// table (V, D), ids (n), y (n, D).
void gather(const float* table, const std::int32_t* ids, float* y, std::size_t n, std::size_t D) {
  if (D == 0) return;
  if (D < W) {
    const Part part = first(D);
    for (std::size_t i = 0; i < n; ++i) {
      store(y + i * D, load(table + static_cast<std::size_t>(ids[i]) * D, part), part);
    }
    return;
  }
  switch ((D + W - 1) / W) {
    case 1:
      return gather_vectors<1>(table, ids, y, n, D);
    case 2:
      return gather_vectors<2>(table, ids, y, n, D);
    case 3:
      return gather_vectors<3>(table, ids, y, n, D);
    case 4:
      return gather_vectors<4>(table, ids, y, n, D);
    case 8:
      return gather_vectors<8>(table, ids, y, n, D);
    default:
      for (std::size_t i = 0; i < n; ++i, y += D) {
        const float* row = table + static_cast<std::size_t>(ids[i]) * D;
        for (std::size_t d = 0; d + W <= D; d += W) store(y + d, load(row + d));
        store(y + D - W, load(row + D - W));
      }
  }
}

// ---- Optimizers: the others are in simd_update.hpp ----

void sgd(float* w, const float* g, std::size_t n, float lr) { axpy(-lr, g, w, n); }

}  // namespace

#define XERAS_STRING_OF(x) #x
#define XERAS_STRING(x) XERAS_STRING_OF(x)

extern const Simd table;
const Simd table = {
    .name = XERAS_STRING(XERAS_SIMD_ISA),
    .vector_bytes = XERAS_SIMD_BYTES,
    .exp = exp,
    .log = log,
    .tanh = tanh,
    .sigmoid = sigmoid,
    .relu = relu,
    .softmax = softmax,
    .log_softmax = log_softmax,
    .add_bias = add_bias,
    .add_rows = add_rows,
    .add_products = add_products,
    .multiply_rows = multiply_rows,
    .max_rows = max_rows,
    .max_rows_grad = max_rows_grad,
    .axpy = axpy,
    .scale = scale,
    .affine = affine,
    .multiply = multiply,
    .larger = larger,
    .drop = drop,
    .uniform = uniform,
    .dot = dot,
    .sum = sum,
    .sum_of_squares = sum_of_squares,
    .all_finite = all_finite,
    .add_masked_rows = add_masked_rows,
    .add_to_doubles = add_to_doubles,
    .gather = gather,
    .gather_add = gather_add,
    .sgd = sgd,
    .sgd_momentum = sgd_momentum,
    .rmsprop = rmsprop,
    .rmsprop_catch_up = rmsprop_catch_up,
    .adam = adam,
    .adam_catch_up = adam_catch_up,
    .lstm_forward = lstm_forward,
    .lstm_backward = lstm_backward,
    .gru_forward = gru_forward,
    .gru_backward = gru_backward,
    .gemm = gemm,
    .packed_size = packed_size,
    .pack = pack,
    .gemm_packed = gemm_packed,
};

}  // namespace xeras::kernels::XERAS_SIMD_ISA
