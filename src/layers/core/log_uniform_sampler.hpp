#pragma once

#include <cstdint>
#include <span>

#include "xeras/core/random.hpp"

namespace xeras::layers {

// Draws classes with P(k) = log((k + 2) / (k + 1)) / log(classes + 1), about the frequencies of words (Zipf's law).
class LogUniformSampler {
 public:
  explicit LogUniformSampler(std::int64_t classes);

  // Draws until `to`, which has fewer places than there are classes, is full of distinct ones. Returns the number of
  // draws. `set` has room for room(to.size()) numbers.
  std::int64_t draw(const RandomStream& random, std::span<std::int32_t> to, std::int32_t* set) const;
  static std::size_t room(std::size_t count);

  // Returns the logarithm of the probability that a class is among so many draws.
  float log_expected(std::int32_t id, std::int64_t draws) const;

 private:
  std::int64_t classes_;
  double range_;  // log(classes + 1)
};

}  // namespace xeras::layers
