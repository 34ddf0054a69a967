#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

#include "xeras/core/shape.hpp"
#include "xeras/core/view.hpp"

// Arithmetic of numbers that a user or a file gives.
namespace xeras {

// False for NaN, infinity, and what a float does not hold.
inline bool is_finite_float(double value) { return std::abs(value) <= std::numeric_limits<float>::max(); }

// Linux gives a process 2^47 bytes at most: an array of more floats can only come from a mistake.
inline constexpr std::int64_t most_numbers = std::int64_t{1} << 45;

// True when memory could hold an array of these sizes. An axis that is 0 or not known counts as 1, so that the product
// of any axes of what fits is below 2^45 as well.
bool fits_memory(const Shape& shape);
bool fits_memory(const Extents& extents);

[[noreturn]] void throw_too_large(const std::string& who, std::int64_t a, const char* sign, std::int64_t b);

// a * b and a + b. `who` is a text or a function that gives it; where the result passes 2^63 it begins the
// InvalidArgument, which names both numbers.
template <class Who>
std::int64_t checked_product(const Who& who, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (!__builtin_mul_overflow(a, b, &result)) return result;
  if constexpr (std::invocable<Who>) {
    throw_too_large(who(), a, "*", b);
  } else {
    throw_too_large(who, a, "*", b);
  }
}
template <class Who>
std::int64_t checked_sum(const Who& who, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (!__builtin_add_overflow(a, b, &result)) return result;
  if constexpr (std::invocable<Who>) {
    throw_too_large(who(), a, "+", b);
  } else {
    throw_too_large(who, a, "+", b);
  }
}

}  // namespace xeras
