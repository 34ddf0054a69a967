#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "xeras/core/view.hpp"

namespace xeras {

// Memory that somebody else's code has to write: marked before, looked at afterwards. The mark is a NaN that no
// arithmetic makes of other numbers, and stays what it is when it is multiplied or added to.
inline constexpr std::uint32_t unwritten_bits = 0x7fc2'b5e7;

inline void mark_unwritten(float* data, std::int64_t size) {
  std::fill_n(data, size, std::bit_cast<float>(unwritten_bits));
}

// The first element that still has its mark; -1: there is none.
inline std::int64_t first_unwritten(const float* data, std::int64_t size) {
  const float* found =
      std::find_if(data, data + size, [](float x) { return std::bit_cast<std::uint32_t>(x) == unwritten_bits; });
  return found == data + size ? -1 : found - data;
}

}  // namespace xeras
