#pragma once

#include <cstdint>
#include <optional>

#include "xeras/core/export.hpp"

namespace xeras {

/// Seeds the process-wide sequence, which makes initial weights, shuffling and dropout repeatable to the bit.
///
///   xeras::set_random_seed(42);
///   auto model = make_model();  // the same initial weights in each run
XERAS_API void set_random_seed(std::uint64_t seed);

/// Returns the next seed of the process-wide sequence. Without set_random_seed, the sequence starts at a random seed.
XERAS_API std::uint64_t next_random_seed();

/// The position in the process-wide sequence: save it to continue from there later.
struct RandomState {
  std::uint64_t seed = 0;
  std::uint64_t drawn = 0;  ///< seeds drawn since then
};
XERAS_API RandomState random_state();
XERAS_API void set_random_state(const RandomState& state);

/// Returns the p-quantile of the standard normal distribution, 0 < p < 1, to seven digits.
/// Source  Wichura, The percentage points of the normal distribution (AS 241), PPND7
XERAS_API double normal_quantile(double p);

/// A counter-based random number generator: the i-th number of a stream depends only on the key and i. Work can
/// therefore be split in any way and draws the same numbers. (This is SplitMix64, whose states are equally spaced
/// counters.)
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t key) : key_(mix(key + 0x9e3779b97f4a7c15u)) {}
  /// An independent stream for each (key, part), such as for each layer in a training step.
  RandomStream(std::uint64_t key, std::uint64_t part) : RandomStream(mix(key) ^ (part * 0xd1342543de82ef95u)) {}

  /// Returns the stream that begins at number `first` of this one.
  RandomStream from(std::uint64_t first) const {
    RandomStream later = *this;
    later.key_ += first * 0x9e3779b97f4a7c15u;
    return later;
  }

  /// The key, for kernels that draw in bulk.
  std::uint64_t key() const { return key_; }

  std::uint64_t bits(std::uint64_t i) const { return mix(key_ + (i + 1) * 0x9e3779b97f4a7c15u); }
  /// Uniform in [0, 1), 53 bits.
  double uniform(std::uint64_t i) const { return static_cast<double>(bits(i) >> 11) * 0x1.0p-53; }
  /// Uniform in (0, 1), 52 bits: the middle of one of 2^52 steps, so never 0 or 1.
  double inner_uniform(std::uint64_t i) const { return (static_cast<double>(bits(i) >> 12) + 0.5) * 0x1.0p-52; }
  /// Standard normal: mean 0, standard deviation 1.
  double normal(std::uint64_t i) const { return normal_quantile(inner_uniform(i)); }
  /// A uniform integer in [0, limit).
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
