#include "core/checked.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xeras/core/error.hpp"

namespace xeras {
namespace {

// Multiplies `count` by the size of an axis; false when the product exceeds most_numbers.
bool take_axis(std::int64_t size, std::int64_t& count) {
  return !__builtin_mul_overflow(count, std::max<std::int64_t>(size, 1), &count) && count <= most_numbers;
}

}  // namespace

bool fits_memory(const Shape& shape) {
  std::int64_t count = 1;
  return std::all_of(shape.begin(), shape.end(),
                     [&](Dim dim) { return take_axis(dim.known() ? dim.size() : 1, count); });
}

bool fits_memory(const Extents& extents) {
  std::int64_t count = 1;
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) {
    if (!take_axis(extents[axis], count)) return false;
  }
  return true;
}

void throw_too_large(const std::string& who, std::int64_t a, const char* sign, std::int64_t b) {
  throw InvalidArgument(
      fmt::format("{}: {} {} {} is more than 2^63; expected sizes that memory can hold. Make one of them smaller.", who,
                  a, sign, b));
}

}  // namespace xeras
