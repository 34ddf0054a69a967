#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "kernels/simd.hpp"
#include "support/special_floats.hpp"

// Helpers of the tests of vector kernels, which run on every instruction set, with every length.
namespace xeras::testing {

// Distances in units in the last place of the reference's result.
constexpr double exact = 0.0;
constexpr double one_rounding = 1.0;
constexpr double few_roundings = 4.0;

inline std::vector<std::size_t> lengths() {
  std::vector<std::size_t> all(68);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  all.push_back(1000);
  return all;
}

// 0, 1, 2, ... as often as wanted: exact in sums, and every element is recognizable.
inline std::vector<float> counting(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i);
  return x;
}

// How many ulp of `expected` lie between the two; 0 for two NaN. What is below the normal range may be 0.
inline double distance(float got, float expected) {
  constexpr float smallest = std::numeric_limits<float>::min();  // that is normal
  if (std::isnan(got) && std::isnan(expected)) return 0.0;
  if (got == expected) return 0.0;
  if (!std::isfinite(got) || !std::isfinite(expected)) return infinity;
  const float size = std::max(std::fabs(expected), smallest);
  if (size == smallest) return std::fabs(got - expected) <= smallest ? 0.0 : infinity;
  return std::fabs(static_cast<double>(got) - expected) / (static_cast<double>(std::nextafter(size, infinity)) - size);
}

inline double largest_distance(const std::vector<float>& got, const std::vector<float>& expected) {
  REQUIRE(got.size() == expected.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) largest = std::max(largest, distance(got[i], expected[i]));
  return largest;
}

using Arrays = std::vector<std::vector<float>>;

inline bool same_bits(const float* a, const float* b, std::size_t n) {
  return n == 0 || std::memcmp(a, b, n * sizeof(float)) == 0;
}
inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && same_bits(a.data(), b.data(), a.size());
}

// Runs body once per instruction set of this processor.
template <class F>
void for_each_table(F body) {
  for (const kernels::Simd* table : kernels::available_simd()) {
    INFO("instruction set " << table->name);
    body(*table);
  }
}

// f(offset, n) runs a kernel on n elements from `offset` on, in a long array that the caller made anew, and returns
// every array it may have written. Whatever lies outside must stay, and what lies inside must not depend on n.
template <class F>
void check_parts(F f) {
  constexpr std::size_t total = 100;
  const Arrays before = f(0, 0), whole = f(0, total);
  bool outside_kept = true, inside_equal = true;
  for (std::size_t n = 0; n <= 67; ++n) {
    for (std::size_t offset : {0, 1, 5, 16, 31}) {
      const Arrays part = f(offset, n);
      for (std::size_t k = 0; k < part.size(); ++k) {
        const float* p = part[k].data();
        inside_equal &= same_bits(p + offset, whole[k].data() + offset, n);
        outside_kept &= same_bits(p, before[k].data(), offset);
        outside_kept &= same_bits(p + offset + n, before[k].data() + offset + n, total - offset - n);
      }
    }
  }
  CHECK(inside_equal);
  CHECK(outside_kept);
}

}  // namespace xeras::testing
