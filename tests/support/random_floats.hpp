#pragma once

#include <cstdint>
#include <vector>

#include "xeras/core/random.hpp"

namespace xeras::testing {

// Returns uniform numbers in [low, high).
inline std::vector<float> random_floats(std::size_t count, double low, double high, std::uint64_t seed = 1) {
  const RandomStream stream(seed);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(low + (high - low) * stream.uniform(i));
  return values;
}

inline std::vector<float> random_floats(std::size_t count, std::uint64_t seed) {
  return random_floats(count, -1.0, 1.0, seed);
}

}  // namespace xeras::testing
