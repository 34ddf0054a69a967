// The one implementation of simd.hpp's table, in GCC's and clang's vector extension. Each of simd_sse2.cpp,
// simd_avx2.cpp and simd_avx512.cpp defines XERAS_SIMD_ISA (a namespace) and XERAS_SIMD_BYTES (the width of a
// vector), then includes this file once.
//
// Everything but the table has internal linkage, and nothing from the standard library is called: an inline function
// compiled here for AVX would otherwise be the linker's choice for the whole program, and crash on an older processor.
//
// No loop peels for alignment, and the last few elements go through the same vector code as all others: so a result
// does not depend on where an element lies.

#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simd.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if !defined(XERAS_SIMD_ISA) || !defined(XERAS_SIMD_BYTES)
#error "define XERAS_SIMD_ISA and XERAS_SIMD_BYTES"
#endif
#define XERAS_INLINE inline __attribute__((always_inline))
#define XERAS_LAMBDA __attribute__((always_inline))

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// ---- Vectors: V of W floats, I and U of as many integers ----

constexpr std::size_t W = XERAS_SIMD_BYTES / sizeof(float);
typedef float V __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::int32_t I __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::uint32_t U __attribute__((vector_size(XERAS_SIMD_BYTES)));

constexpr float infinity = __builtin_inff();

// a - 0 is a for every a, -0 and NaN included.
XERAS_INLINE V splat(float a) { return a - V{}; }

XERAS_INLINE V load(const float* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
XERAS_INLINE void store(float* p, V v) { __builtin_memcpy(p, &v, sizeof v); }

// The first `count` lanes, 0 < count < W. Lanes beyond it are never touched in memory.
struct Part {
  std::size_t count;
#if XERAS_SIMD_BYTES == 64
  __mmask16 mask;
#elif XERAS_SIMD_BYTES == 32
  I mask;
#endif
};

XERAS_INLINE Part first(std::size_t count) {
#if XERAS_SIMD_BYTES == 64
  return {count, static_cast<__mmask16>((1u << count) - 1)};
#elif XERAS_SIMD_BYTES == 32
  return {count, I{0, 1, 2, 3, 4, 5, 6, 7} < (static_cast<std::int32_t>(count) - I{})};
#else
  return {count};
#endif
}

XERAS_INLINE V load(const float* p, const Part& part, float fill = 0.0f) {
#if XERAS_SIMD_BYTES == 64
  return (V)_mm512_mask_loadu_ps((__m512)splat(fill), part.mask, p);
#elif XERAS_SIMD_BYTES == 32
  const V v = (V)_mm256_maskload_ps(p, (__m256i)part.mask);
  return part.mask ? v : splat(fill);
#else
  V v = splat(fill);
  for (std::size_t i = 0; i < W - 1; ++i) {
    if (i < part.count) v[i] = p[i];
  }
  return v;
#endif
}

XERAS_INLINE void store(float* p, V v, const Part& part) {
#if XERAS_SIMD_BYTES == 64
  _mm512_mask_storeu_ps(p, part.mask, (__m512)v);
#else
  // AVX2's masked store takes tens of cycles on AMD.
  float lanes[W];
  store(lanes, v);
  std::size_t i = 0;
  if constexpr (W > 4) {
    if (part.count & 4) {
      __builtin_memcpy(p, lanes, 4 * sizeof(float));
      i = 4;
    }
  }
  if (part.count & 2) {
    __builtin_memcpy(p + i, lanes + i, 2 * sizeof(float));
    i += 2;
  }
  if (part.count & 1) p[i] = lanes[i];
#endif
}

// a b + c, with one rounding where the instruction set has it. Wherever a product is added to something, this is
// written out: left to itself, GCC fuses the same expression in one loop and not in its tail.
XERAS_INLINE V mul_add(V a, V b, V c) {
#if XERAS_SIMD_BYTES == 64
  return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif XERAS_SIMD_BYTES == 32
  return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
  return a * b + c;
#endif
}
XERAS_INLINE V mul_add(V a, V b, float c) { return mul_add(a, b, splat(c)); }
XERAS_INLINE V mul_add(V a, float b, V c) { return mul_add(a, splat(b), c); }

// Keeps a NaN in a.
XERAS_INLINE V at_least(V a, V b) { return a < b ? b : a; }

XERAS_INLINE V sqrt_of(V v) {
#if XERAS_SIMD_BYTES == 64
  return (V)_mm512_maskz_sqrt_ps(0xffff, (__m512)v);  // GCC 12 warns inside the plain one
#elif XERAS_SIMD_BYTES == 32
  return (V)_mm256_sqrt_ps((__m256)v);
#elif defined(__x86_64__)
  return (V)_mm_sqrt_ps((__m128)v);
#else
  for (std::size_t i = 0; i < W; ++i) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

struct Plus {
  template <class T>
  XERAS_INLINE T operator()(T a, T b) const {
    return a + b;
  }
};
struct Max {
  template <class T>
  XERAS_INLINE T operator()(T a, T b) const {
    return a < b ? b : a;
  }
};

// All lanes into one, halves first.
template <class F>
XERAS_INLINE float fold(V v, F f) {
#if defined(__x86_64__)
  typedef float V4 __attribute__((vector_size(16)));
#if XERAS_SIMD_BYTES == 64
  typedef float V8 __attribute__((vector_size(32)));
  V8 low;
  __builtin_memcpy(&low, &v, sizeof low);  // GCC 12 warns inside the cast, and inside the extract without a mask
  const V8 v8 = f(low, (V8)_mm512_maskz_extractf32x8_ps(0xff, (__m512)v, 1));
  const V4 v4 = f((V4)_mm256_castps256_ps128((__m256)v8), (V4)_mm256_extractf128_ps((__m256)v8, 1));
#elif XERAS_SIMD_BYTES == 32
  const V4 v4 = f((V4)_mm256_castps256_ps128((__m256)v), (V4)_mm256_extractf128_ps((__m256)v, 1));
#else
  const V4 v4 = v;
#endif
  const V4 v2 = f(v4, (V4)_mm_movehl_ps((__m128)v4, (__m128)v4));
  return f(v2[0], v2[1]);
#else
  float a = v[0];
  for (std::size_t i = 1; i < W; ++i) a = f(a, v[i]);
  return a;
#endif
}
XERAS_INLINE float total(V v) { return fold(v, Plus()); }

// ---- Functions of a vector: polynomials fitted for the least largest relative error (float coefficients) ----

// exp(x) for x in [-87.3, 88.7], anything elsewhere: 2^n exp(r) with n whole and |r| <= log(2) / 2.
XERAS_INLINE V exp_inside(V x) {
  // Adding 1.5 * 2^23 rounds to a whole number, and leaves that number in the low bits.
  const V shifted = mul_add(x, splat(1.44269504f), 12582912.0f);
  const V n = shifted - 12582912.0f;
  // log(2) in two parts, the first with few bits.
  const V r = mul_add(n, 2.12194440e-4f, mul_add(n, -0.693359375f, x));
  V p = splat(0.0013814466f);
  p = mul_add(p, r, 0.008368781f);
  p = mul_add(p, r, 0.041668393f);
  p = mul_add(p, r, 0.1666652f);
  p = mul_add(p, r, 0.49999994f);
  p = mul_add(p, r * r, r) + 1.0f;
  return (V)((U)p + ((U)shifted << 23));
}

XERAS_INLINE V exp_of(V x) {
  const V y = x < -87.3365402f ? V{} : exp_inside(x);
  return x <= 88.7228394f ? y : x + infinity;  // too large, infinite or NaN
}

XERAS_INLINE V sigmoid_of(V x) { return 1.0f / (1.0f + exp_of(-x)); }

XERAS_INLINE V tanh_of(V x) {
  const U sign = (U)x & 0x80000000u;
  const V a = (V)((U)x ^ sign);
  const V clamped = a < 10.0f ? a : splat(10.0f);  // tanh(9.02) is already 1
  const V large = 1.0f - 2.0f / (exp_inside(clamped + clamped) + 1.0f);
  const V z = a * a;
  V p = splat(-0.005702607f);
  p = mul_add(p, z, 0.020637041f);
  p = mul_add(p, z, -0.053739116f);
  p = mul_add(p, z, 0.13331436f);
  p = mul_add(p, z, -0.3333328f);
  const V small = mul_add(p * z, a, a);
  return (V)((U)(a >= 0.625f ? large : small) | sign);  // a NaN is "small"
}

XERAS_INLINE V log_of(V x) {
  // x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)). Denormals are brought into the normal range first.
  const I denormal = x < 1.17549435e-38f;
  const V normal = denormal ? x * 8388608.0f : x;
  const U bits = (U)normal - 0x3f3504f3u;
  const V e = __builtin_convertvector((I)bits >> 23, V) - (denormal ? splat(23.0f) : V{});
  const V f = (V)((bits & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const V z = f * f;
  V p = splat(-0.07634449f);
  p = mul_add(p, f, 0.12761948f);
  p = mul_add(p, f, -0.13160372f);
  p = mul_add(p, f, 0.14201722f);
  p = mul_add(p, f, -0.16623336f);
  p = mul_add(p, f, 0.20001228f);
  p = mul_add(p, f, -0.25000823f);
  p = mul_add(p, f, 0.3333333f);
  V y = mul_add(p * f, z, e * -2.12194440e-4f);
  y = mul_add(z, -0.5f, y);
  y = mul_add(e, 0.693359375f, f + y);
  y = x < infinity ? y : x;  // infinity and NaN
  y = x == 0.0f ? splat(-infinity) : y;
  return x < 0.0f ? splat(__builtin_nanf("")) : y;
}

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

void multiply(const float* a, const float* b, float* y, std::size_t n) {
  map(a, b, y, n, [](V v, V w) XERAS_LAMBDA { return v * w; });
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

// sum (cols) += x (N, cols) over its N rows.
template <std::size_t N>
XERAS_INLINE void add_some_rows(const float* x, float* sum, std::size_t cols) {
  std::size_t c = 0;
  for (; c + W <= cols; c += W) {
    V s = load(sum + c);
    for (std::size_t r = 0; r < N; ++r) s += load(x + r * cols + c);
    store(sum + c, s);
  }
  if (c < cols) {
    const Part rest = first(cols - c);
    V s = load(sum + c, rest);
    for (std::size_t r = 0; r < N; ++r) s += load(x + r * cols + c, rest);
    store(sum + c, s, rest);
  }
}

// x (rows, cols), sum (cols).
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols) {
  constexpr std::size_t N = 8;
  std::size_t r = 0;
  for (; r + N <= rows; r += N) add_some_rows<N>(x + r * cols, sum, cols);
  for (; r < rows; ++r) add_some_rows<1>(x + r * cols, sum, cols);
}

// x, y (cols): softmax, or its log.
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
  for (std::size_t c = 0; c < full; c += W) {
    const V shifted = load(x + c) - max;
    const V e = exp_of(shifted);
    sums += e;
    store(y + c, Log ? shifted : e);
  }
  if (has_rest) {
    const V shifted = load(x + full, rest, -infinity) - max;
    const V e = exp_of(shifted);
    sums += e;
    store(y + full, Log ? shifted : e, rest);
  }

  const float sum = total(sums);
  if constexpr (Log) {
    const V a = log_of(splat(sum));
    map(y, y, cols, [a](V v) XERAS_LAMBDA { return v - a; });
  } else {
    scale(1.0f / sum, y, cols);
  }
}

// The same for cols <= W: the row stays in a register.
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

// ---- Sums: four accumulators, so that additions do not wait for each other ----

// f(s, i) adds the vector at i to s; g(s, i, part) the last lanes, with zeros after them.
template <class F, class G>
XERAS_INLINE float total_of(std::size_t n, F f, G g) {
  V s0 = {}, s1 = {}, s2 = {}, s3 = {};
  std::size_t i = 0;
  for (; i + 4 * W <= n; i += 4 * W) {
    s0 = f(s0, i);
    s1 = f(s1, i + W);
    s2 = f(s2, i + 2 * W);
    s3 = f(s3, i + 3 * W);
  }
  for (; i + W <= n; i += W) s0 = f(s0, i);
  if (i < n) s1 = g(s1, i, first(n - i));
  return total((s0 + s1) + (s2 + s3));
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

bool all_finite(const float* x, std::size_t n) {
  constexpr std::uint32_t exponent = 0x7f800000u;  // all ones: infinity or NaN
  I found = {};
  std::size_t i = 0;
  for (; i + W <= n; i += W) found |= ((U)load(x + i) & exponent) == exponent;
  if (i < n) found |= ((U)load(x + i, first(n - i)) & exponent) == exponent;
  std::int32_t any = 0;
  for (std::size_t lane = 0; lane < W; ++lane) any |= found[lane];
  return any == 0;
}

// ---- Sequences and tables ----

// x (T, D), y (width): y = scale * the sum of the unmasked x(t, 0 .. width - 1), where N vectors cover the width; the
// last one begins earlier, over the one before, when the width is not a multiple of W.
template <std::size_t N>
XERAS_INLINE void mean_of_columns(const float* x, const std::uint8_t* mask, float* y, std::size_t T, std::size_t D,
                                  std::size_t width, float scale) {
  const std::size_t last = width - W;
  V s[N] = {};
  for (std::size_t t = 0; t < T; ++t, x += D) {
    if (mask != nullptr && mask[t] == 0) continue;
    for (std::size_t i = 0; i + 1 < N; ++i) s[i] += load(x + i * W);
    s[N - 1] += load(x + last);
  }
  for (std::size_t i = 0; i + 1 < N; ++i) store(y + i * W, s[i] * scale);
  store(y + last, s[N - 1] * scale);
}

// The same for any width.
XERAS_INLINE void mean_of_sequence(const float* x, const std::uint8_t* mask, float* y, std::size_t T, std::size_t D,
                                   float scale) {
  if (D < W) {
    const Part part = first(D);
    V s = {};
    for (std::size_t t = 0; t < T; ++t) {
      if (mask == nullptr || mask[t] != 0) s += load(x + t * D, part);
    }
    store(y, s * scale, part);
    return;
  }
  std::size_t d = 0;
  for (; D - d >= 8 * W; d += 8 * W) mean_of_columns<8>(x + d, mask, y + d, T, D, 8 * W, scale);
  for (; D - d > 4 * W; d += 4 * W) mean_of_columns<4>(x + d, mask, y + d, T, D, 4 * W, scale);
  if (D - d < W && d < D) d = D - W;  // columns that were done already get the same value again
  const std::size_t width = D - d;
  switch ((width + W - 1) / W) {
    case 1:
      return mean_of_columns<1>(x + d, mask, y + d, T, D, width, scale);
    case 2:
      return mean_of_columns<2>(x + d, mask, y + d, T, D, width, scale);
    case 3:
      return mean_of_columns<3>(x + d, mask, y + d, T, D, width, scale);
    case 4:
      return mean_of_columns<4>(x + d, mask, y + d, T, D, width, scale);
  }
}

// x (B, T, D), mask (B, T) or null, y (B, D), scale_out (B) or null.
void masked_mean(const float* x, const std::uint8_t* mask, float* y, float* scale_out, std::size_t B, std::size_t T,
                 std::size_t D) {
  if (T == 0) x = y;  // never read, but perhaps null, which no column may be added to
  for (std::size_t b = 0; b < B; ++b, x += T * D, y += D) {
    std::size_t count = T;
    if (mask != nullptr) {
      count = 0;
      for (std::size_t t = 0; t < T; ++t) count += mask[t] != 0;
    }
    const float scale = count == 0 ? 0.0f : 1.0f / static_cast<float>(count);
    if (scale_out != nullptr) scale_out[b] = scale;

    if (D > 0) mean_of_sequence(x, mask, y, T, D, scale);
    if (mask != nullptr) mask += T;
  }
}

// table (V, D), ids (n), y (n, D) with (N - 1) W < D <= N W: a row is N vectors, of which the last two may overlap.
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

// ---- Optimizers ----

void sgd(float* w, const float* g, std::size_t n, float lr) { axpy(-lr, g, w, n); }

void sgd_momentum(float* w, float* v, const float* g, std::size_t n, float lr, float momentum, bool nesterov) {
  const auto update = [=](V& wi, V& vi, V gi) XERAS_LAMBDA {
    const V step = lr * gi;
    vi = mul_add(vi, momentum, -step);
    wi += nesterov ? mul_add(vi, momentum, -step) : vi;
  };
  std::size_t i = 0;
  for (; i + W <= n; i += W) {
    V wi = load(w + i), vi = load(v + i);
    update(wi, vi, load(g + i));
    store(w + i, wi);
    store(v + i, vi);
  }
  if (i < n) {
    const Part rest = first(n - i);
    V wi = load(w + i, rest), vi = load(v + i, rest);
    update(wi, vi, load(g + i, rest));
    store(w + i, wi, rest);
    store(v + i, vi, rest);
  }
}

void rmsprop(float* w, float* v, const float* g, std::size_t n, float lr, float rho, float epsilon) {
  const float rest_of_rho = 1.0f - rho;
  const auto update = [=](V& wi, V& vi, V gi) XERAS_LAMBDA {
    vi = mul_add(vi, rho, rest_of_rho * (gi * gi));
    wi -= lr * gi / sqrt_of(vi + epsilon);
  };
  std::size_t i = 0;
  for (; i + W <= n; i += W) {
    V wi = load(w + i), vi = load(v + i);
    update(wi, vi, load(g + i));
    store(w + i, wi);
    store(v + i, vi);
  }
  if (i < n) {
    const Part rest = first(n - i);
    V wi = load(w + i, rest), vi = load(v + i, rest);
    update(wi, vi, load(g + i, rest));
    store(w + i, wi, rest);
    store(v + i, vi, rest);
  }
}

void adam(float* w, float* m, float* v, const float* g, std::size_t n, float alpha, float one_minus_beta_1,
          float one_minus_beta_2, float epsilon) {
  const auto update = [=](V& wi, V& mi, V& vi, V gi) XERAS_LAMBDA {
    mi = mul_add(gi - mi, one_minus_beta_1, mi);
    vi = mul_add(mul_add(gi, gi, -vi), one_minus_beta_2, vi);
    wi -= alpha * mi / (sqrt_of(vi) + epsilon);
  };
  std::size_t i = 0;
  for (; i + W <= n; i += W) {
    V wi = load(w + i), mi = load(m + i), vi = load(v + i);
    update(wi, mi, vi, load(g + i));
    store(w + i, wi);
    store(m + i, mi);
    store(v + i, vi);
  }
  if (i < n) {
    const Part rest = first(n - i);
    V wi = load(w + i, rest), mi = load(m + i, rest), vi = load(v + i, rest);
    update(wi, mi, vi, load(g + i, rest));
    store(w + i, wi, rest);
    store(m + i, mi, rest);
    store(v + i, vi, rest);
  }
}

}  // namespace

#define XERAS_STRING_OF(x) #x
#define XERAS_STRING(x) XERAS_STRING_OF(x)

extern const Simd table;
const Simd table = {
    .name = XERAS_STRING(XERAS_SIMD_ISA),
    .exp = exp,
    .log = log,
    .tanh = tanh,
    .sigmoid = sigmoid,
    .relu = relu,
    .softmax = softmax,
    .log_softmax = log_softmax,
    .add_bias = add_bias,
    .add_rows = add_rows,
    .axpy = axpy,
    .scale = scale,
    .multiply = multiply,
    .dot = dot,
    .sum = sum,
    .sum_of_squares = sum_of_squares,
    .all_finite = all_finite,
    .masked_mean = masked_mean,
    .gather = gather,
    .sgd = sgd,
    .sgd_momentum = sgd_momentum,
    .rmsprop = rmsprop,
    .adam = adam,
};

}  // namespace xeras::kernels::XERAS_SIMD_ISA
