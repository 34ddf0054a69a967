// The vector types and functions of simd_impl.hpp and simd_gemm.hpp, for one instruction set, in the vector extension
// of GCC and clang. Included by these only; XERAS_SIMD_ISA (a namespace) and XERAS_SIMD_BYTES (the width of a vector)
// define the set.

#pragma once

#include <cstddef>
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if !defined(XERAS_SIMD_ISA) || !defined(XERAS_SIMD_BYTES)
#error "define XERAS_SIMD_ISA and XERAS_SIMD_BYTES"
#endif
#define XERAS_INLINE inline __attribute__((always_inline))
#define XERAS_LAMBDA __attribute__((always_inline))

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// ---- Vectors: V of W floats, I and U of W integers ----

constexpr std::size_t W = XERAS_SIMD_BYTES / sizeof(float);
typedef float V __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::int32_t I __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::uint32_t U __attribute__((vector_size(XERAS_SIMD_BYTES)));

constexpr float infinity = __builtin_inff();

// a - 0 equals a for every a, including -0 and NaN.
XERAS_INLINE V splat(float a) { return a - V{}; }

XERAS_INLINE V load(const float* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
XERAS_INLINE void store(float* p, V v) { __builtin_memcpy(p, &v, sizeof v); }

// The first `count` lanes, 0 < count < W. The lanes after them are never accessed in memory.
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

// Returns a b + c, with a single rounding if the instruction set has FMA. The FMA is explicit and the compiler fuses
// nothing itself (-ffp-contract=off), because it would fuse an expression in a loop but not in its tail.
XERAS_INLINE V mul_add(V a, V b, V c) {
#if XERAS_SIMD_BYTES == 64
  return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif XERAS_SIMD_BYTES == 32
  return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
  return (V)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return a * b + c;
#endif
}
XERAS_INLINE V mul_add(V a, V b, float c) { return mul_add(a, b, splat(c)); }
XERAS_INLINE V mul_add(V a, float b, V c) { return mul_add(a, splat(b), c); }

// Returns c - a b, in the same way.
XERAS_INLINE V minus_product(V c, V a, V b) {
#if XERAS_SIMD_BYTES == 64
  return (V)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif XERAS_SIMD_BYTES == 32
  return (V)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
  return (V)vfmsq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return c - a * b;
#endif
}

// Keeps a vector in a register; otherwise GCC reloads it from memory for each use.
XERAS_INLINE void keep_in_register([[maybe_unused]] V& v) {
#if defined(__x86_64__)
  asm("" : "+v"(v));
#endif
}

// Returns the maximum; a NaN in a is kept.
XERAS_INLINE V at_least(V a, V b) { return a < b ? b : a; }

XERAS_INLINE V sqrt_of(V v) {
#if XERAS_SIMD_BYTES == 64
  return (V)_mm512_maskz_sqrt_ps(0xffff, (__m512)v);  // GCC 12 warns about the plain intrinsic
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

// Folds all lanes into one, halves first.
template <class F>
XERAS_INLINE float fold(V v, F f) {
#if defined(__x86_64__)
  typedef float V4 __attribute__((vector_size(16)));
#if XERAS_SIMD_BYTES == 64
  typedef float V8 __attribute__((vector_size(32)));
  V8 low;
  __builtin_memcpy(&low, &v, sizeof low);  // GCC 12 warns about the cast, and about the unmasked extract
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

// ---- Functions of a vector: polynomials with the smallest maximum relative error (float coefficients) ----

// Returns exp(x) for x in [-87.3, 88.7], any value elsewhere: 2^n exp(r) with integer n and |r| <= log(2) / 2.
XERAS_INLINE V exp_inside(V x) {
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
  const V shifted = mul_add(x, splat(1.44269504f), 12582912.0f);
  const V n = shifted - 12582912.0f;
  // log(2) as a sum of two parts, the first with few bits.
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
  return (V)((U)(a >= 0.625f ? large : small) | sign);  // a NaN counts as "small"
}

XERAS_INLINE V log_of(V x) {
  // x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)). Denormals are first scaled into the normal range.
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

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
