// The kernel of simd.hpp's table that draws random numbers. Included by simd_impl.hpp only.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// 64-bit numbers, half as many as floats in a vector, signed for comparisons.
typedef std::uint64_t Wide __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::int64_t SignedWide __attribute__((vector_size(XERAS_SIMD_BYTES)));
typedef std::int32_t HalfMask __attribute__((vector_size(XERAS_SIMD_BYTES / 2)));

// RandomStream's (core/random.hpp).
constexpr std::uint64_t random_step = 0x9e3779b97f4a7c15u;

XERAS_INLINE Wide mix(Wide z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// The lanes whose number is not below limit, which is at most 2^53.
XERAS_INLINE HalfMask keeps(Wide counters, std::uint64_t limit) {
  return __builtin_convertvector((SignedWide)(mix(counters) >> 11) >= (SignedWide)(limit - Wide{}), HalfMask);
}

void drop(std::uint64_t key, std::uint64_t position, std::uint64_t limit, float scale, const float* x, float* y,
          std::size_t n) {
  Wide counters;
  for (std::size_t lane = 0; lane < W / 2; ++lane) counters[lane] = key + (position + 1 + lane) * random_step;
  const auto kept = [&](V v) XERAS_LAMBDA {
    const HalfMask halves[2] = {keeps(counters, limit), keeps(counters + W / 2 * random_step, limit)};
    I mask;
    __builtin_memcpy(&mask, halves, sizeof mask);
    counters += W * random_step;
    return mask ? v * scale : V{};
  };
  std::size_t i = 0;
  for (; i + W <= n; i += W) store(y + i, kept(load(x + i)));
  if (i < n) {
    const Part rest = first(n - i);
    store(y + i, kept(load(x + i, rest)), rest);
  }
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
