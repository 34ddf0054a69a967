// The kernels of simd.hpp's table that draw random numbers. Included by simd_impl.hpp only.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// Vectors of 64-bit numbers, half as many as floats; signed for comparisons.
typedef std::uint64_t Wide __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::int64_t SignedWide __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::int32_t HalfMask __attribute__((vector_size(XERAS_SIMD_BYTES / 2)));

// The increment of RandomStream (core/random.hpp).
constexpr std::uint64_t random_step = 0x9e3779b97f4a7c15u;

XERAS_INLINE Wide mix(Wide z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

typedef double Doubles __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef float Half __attribute__((vector_size(XERAS_SIMD_BYTES / 2)));

// Converts numbers below 2^53 exactly. Before AVX-512 there is no instruction for it; here the halves of a number
// become the last bits of 2^52 + low and of 2^84 + 2^32 high.
XERAS_INLINE Doubles to_doubles(Wide x) {
  const Wide low = (x & 0xffffffffu) | 0x4330000000000000u, high = (x >> 32) | 0x4530000000000000u;
  return ((Doubles)high - (0x1.0p84 + 0x1.0p52)) + (Doubles)low;
}

XERAS_INLINE Doubles mul_add(Doubles a, Doubles b, Doubles c) {
#if XERAS_SIMD_BYTES == 64
  return (Doubles)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif XERAS_SIMD_BYTES == 32
  return (Doubles)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__aarch64__)
  return (Doubles)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
  return a * b + c;
#endif
}

// Returns the lanes whose number is at least limit, which is at most 2^53.
XERAS_INLINE HalfMask keeps(Wide counters, std::uint64_t limit) {
  return __builtin_convertvector((SignedWide)(mix(counters) >> 11) >= (SignedWide)(limit - Wide{}), HalfMask);
}

// Returns the counters of the first numbers from a position on; the step below leads to the next half vector.
XERAS_INLINE Wide counters_from(std::uint64_t key, std::uint64_t position) {
  Wide counters;
  for (std::size_t lane = 0; lane < W / 2; ++lane) counters[lane] = key + (position + 1 + lane) * random_step;
  return counters;
}
constexpr std::uint64_t half_vector = W / 2 * random_step;

void drop(std::uint64_t key, std::uint64_t position, std::uint64_t limit, float scale, const float* x, float* y,
          std::size_t n) {
  Wide counters = counters_from(key, position);
  const auto kept = [&](V v) XERAS_LAMBDA {
    const HalfMask halves[2] = {keeps(counters, limit), keeps(counters + half_vector, limit)};
    I mask;
    __builtin_memcpy(&mask, halves, sizeof mask);
    counters += 2 * half_vector;
    return mask ? v * scale : V{};
  };
  std::size_t i = 0;
  for (; i + W <= n; i += W) store(y + i, kept(load(x + i)));
  if (i < n) {
    const Part rest = first(n - i);
    store(y + i, kept(load(x + i, rest)), rest);
  }
}

void uniform(std::uint64_t key, std::uint64_t position, double least, double range, float largest, float* y,
             std::size_t n) {
  Wide counters = counters_from(key, position);
  const auto drawn = [=](Wide from) XERAS_LAMBDA {
    return __builtin_convertvector(
        mul_add(to_doubles(mix(from) >> 11), range * 0x1.0p-53 - Doubles{}, least - Doubles{}), Half);
  };
  const auto next = [&]() XERAS_LAMBDA {
    const Half halves[2] = {drawn(counters), drawn(counters + half_vector)};
    counters += 2 * half_vector;
    V v;
    __builtin_memcpy(&v, halves, sizeof v);
    return v > largest ? largest - V{} : v;
  };
  std::size_t i = 0;
  for (; i + W <= n; i += W) store(y + i, next());
  if (i < n) store(y + i, next(), first(n - i));
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
