#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "xeras/core/random.hpp"

namespace xeras::utils {

// Shuffles as numpy.random.RandomState(seed).shuffle does, so that files are split as in Keras.
template <class T>
void numpy_shuffle(std::uint32_t seed, std::vector<T>& items) {
  std::mt19937 generator(seed);
  for (std::size_t i = items.size(); i-- > 1;) {
    std::uint32_t mask = static_cast<std::uint32_t>(i);
    for (unsigned shift = 1; shift < 32; shift *= 2) mask |= mask >> shift;
    std::uint32_t j = 0;
    do {
      j = static_cast<std::uint32_t>(generator()) & mask;
    } while (j > i);
    std::swap(items[i], items[j]);
  }
}

// Fills `order` with 0, 1, 2 ..., shuffled by the stream.
inline void shuffled_order(std::size_t count, const RandomStream& stream, std::vector<std::int64_t>& order) {
  order.resize(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = static_cast<std::int64_t>(i);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[stream.below(i, i)]);
}

}  // namespace xeras::utils
