#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "xeras/core/view.hpp"

namespace xeras {

// Detects elements that a user's code does not write. Memory is filled with a mark before the call and searched for it
// afterwards. The mark is a NaN that arithmetic on other numbers never yields, and that multiplying and adding keep.
inline constexpr std::uint32_t unwritten_bits = 0x7fc2'b5e7;

inline void mark_unwritten(float* data, std::int64_t size) {
  std::fill_n(data, size, std::bit_cast<float>(unwritten_bits));
}

// Returns the first element that still has the mark, or -1.
inline std::int64_t first_unwritten(const float* data, std::int64_t size) {
  const float* found =
      std::find_if(data, data + size, [](float x) { return std::bit_cast<std::uint32_t>(x) == unwritten_bits; });
  return found == data + size ? -1 : found - data;
}

}  // namespace xeras
