#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

#include "xeras/core/shape.hpp"
#include "xeras/core/view.hpp"

// Checked arithmetic for numbers from users and files.
namespace xeras {

// False for NaN, infinity, and values outside the range of float.
inline bool is_finite_float(double value) { return std::abs(value) <= std::numeric_limits<float>::max(); }

// Linux gives a process at most 2^47 bytes, so an array of more floats can only be a mistake.
inline constexpr std::int64_t most_numbers = std::int64_t{1} << 45;

// True when memory could hold an array of these sizes. An axis of size 0 or None counts as 1, so the product of any
// subset of the axes is at most 2^45 too.
bool fits_memory(const Shape& shape);
bool fits_memory(const Extents& extents);

[[noreturn]] void throw_too_large(const std::string& who, std::int64_t a, const char* sign, std::int64_t b);

// Return a * b and a + b. Throw InvalidArgument with both numbers when the result exceeds 2^63. `who` begins the
// message; it is a string or a function that returns one.
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
