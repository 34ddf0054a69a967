#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

// Four floats that every processor has instructions for, in GCC's and clang's vector extension. A choice between two
// vectors is no branch; in plain code the compiler makes one of it, and one that goes either way at random, as at every
// sign of x, costs ten times the arithmetic.
namespace xeras::activations {

typedef float V __attribute__((vector_size(16)));
typedef std::int32_t Mask __attribute__((vector_size(16)));
constexpr std::size_t lanes = 4;

inline V splat(float a) { return a - V{}; }
inline V where(Mask mask, V a, V b) { return mask ? a : b; }
inline V where(Mask mask, V a, float b) { return where(mask, a, splat(b)); }
inline V where(Mask mask, float a, V b) { return where(mask, splat(a), b); }
inline V where(Mask mask, float a, float b) { return where(mask, splat(a), splat(b)); }
// A NaN stays a NaN in these.
inline V abs(V x) { return (V)((Mask)x & 0x7fffffff); }
inline V at_least(V x, float low) { return where(x < low, low, x); }
inline V at_most(V x, float high) { return where(x > high, high, x); }
inline V clip(V x, float low, float high) { return at_most(at_least(x, low), high); }

// The vector at p, or the first `count` numbers of it.
inline V load(const float* p, std::size_t count = lanes) {
  V v = {};
  std::memcpy(&v, p, count * sizeof(float));
  return v;
}
inline void store(float* p, V v, std::size_t count = lanes) { std::memcpy(p, &v, count * sizeof(float)); }

// to(i) = f(vector at i) for all i in [0, n) that start a vector.
template <class F>
void by_vectors(float* to, std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) store(to + i, f(i, lanes));
  if (i < n) store(to + i, f(i, n - i), n - i);
}

}  // namespace xeras::activations
