#pragma once

#include <xeras/xeras.hpp>

#include <utility>
#include <vector>

namespace example {

/// Shuffles into the same order on every computer, which std::shuffle does not guarantee.
template <class T>
void shuffle(std::vector<T>& items, std::uint64_t seed) {
  const xeras::RandomStream random(seed);
  for (std::size_t left = items.size(); left > 1; --left) std::swap(items[random.below(left, left)], items[left - 1]);
}

}  // namespace example
