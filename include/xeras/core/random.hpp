#pragma once

#include <cstdint>
#include <optional>

#include "xeras/core/export.hpp"

namespace xeras {

/// Makes what follows repeatable to the bit: initial weights, shuffling, dropout.
XERAS_API void set_random_seed(std::uint64_t seed);

/// The next seed of the process-wide sequence that set_random_seed starts; without it the sequence starts anywhere.
XERAS_API std::uint64_t next_random_seed();

/// Where the process-wide sequence stands, to go on there later.
struct RandomState {
  std::uint64_t seed = 0;
  std::uint64_t drawn = 0;  ///< seeds since then
};
XERAS_API RandomState random_state();
XERAS_API void set_random_state(const RandomState& state);

/// The z that a standard normal number is below with probability p, 0 < p < 1; to seven digits.
/// Source  Wichura, The percentage points of the normal distribution (AS 241), PPND7
XERAS_API double normal_quantile(double p);

/// Random numbers by position: the i-th number of a stream depends on its key and i alone, so that work can be split
/// in any way and gives the same numbers (SplitMix64, whose states are equally spaced counters).
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t key) : key_(mix(key + 0x9e3779b97f4a7c15u)) {}
  /// A stream of its own for each (key, part), as for each layer of a training step.
  RandomStream(std::uint64_t key, std::uint64_t part) : RandomStream(mix(key) ^ (part * 0xd1342543de82ef95u)) {}

  /// What the numbers follow from, for who draws many of them at once.
  std::uint64_t key() const { return key_; }

  std::uint64_t bits(std::uint64_t i) const { return mix(key_ + (i + 1) * 0x9e3779b97f4a7c15u); }
  /// Uniform in [0, 1), 53 bits.
  double uniform(std::uint64_t i) const { return static_cast<double>(bits(i) >> 11) * 0x1.0p-53; }
  /// Uniform in (0, 1), 52 bits: the middle of one of 2^52 steps, never an end.
  double inner_uniform(std::uint64_t i) const { return (static_cast<double>(bits(i) >> 12) + 0.5) * 0x1.0p-52; }
  /// Normal, of mean 0 and standard deviation 1.
  double normal(std::uint64_t i) const { return normal_quantile(inner_uniform(i)); }
  /// A whole number in [0, limit).
  std::uint64_t below(std::uint64_t i, std::uint64_t limit) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((Wide{bits(i)} * limit) >> 64);
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t key_;
};

}  // namespace xeras
