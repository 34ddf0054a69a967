#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

// Vectors of four floats, for which every processor has instructions, in the vector extension of GCC and clang. A
// choice between two vectors does not branch. In scalar code the compiler makes it a branch, and a random one, as on
// the sign of x, costs ten times the arithmetic.
namespace xeras::activations {

typedef float V __attribute__((vector_size(16)));
typedef std::int32_t Mask __attribute__((vector_size(16)));
constexpr std::size_t lanes = 4;

inline V splat(float a) { return a - V{}; }
inline V where(Mask mask, V a, V b) { return mask ? a : b; }
inline V where(Mask mask, V a, float b) { return where(mask, a, splat(b)); }
inline V where(Mask mask, float a, V b) { return where(mask, splat(a), b); }
inline V where(Mask mask, float a, float b) { return where(mask, splat(a), splat(b)); }
// These functions keep a NaN.
inline V abs(V x) { return (V)((Mask)x & 0x7fffffff); }
inline V at_least(V x, float low) { return where(x < low, low, x); }
inline V at_most(V x, float high) { return where(x > high, high, x); }
inline V clip(V x, float low, float high) { return at_most(at_least(x, low), high); }

// Loads the vector at p, or its first `count` numbers.
inline V load(const float* p, std::size_t count = lanes) {
  V v = {};
  std::memcpy(&v, p, count * sizeof(float));
  return v;
}
inline void store(float* p, V v, std::size_t count = lanes) { std::memcpy(p, &v, count * sizeof(float)); }

// Stores f(vector at i) to to(i) for each vector of [0, n).
template <class F>
void by_vectors(float* to, std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) store(to + i, f(i, lanes));
  if (i < n) store(to + i, f(i, n - i), n - i);
}

}  // namespace xeras::activations
