#pragma once

#include <optional>

#include "xeras/xeras.hpp"

namespace xeras::testing {

// Random numbers, one after the other.
class Draw {
 public:
  Draw(std::uint64_t seed, bool with_noise) : noise(with_noise), random_(seed) {}
  const bool noise;  // whether layers may draw random numbers, which stand at other places in a longer batch
  std::size_t below(std::size_t n) { return random_.below(i_++, n); }
  bool yes() { return below(2) == 0; }

 private:
  RandomStream random_;
  std::uint64_t i_ = 0;
};

// A model of random layers, once for each kind of input.
struct Stack {
  Sequential open;   // of any length, so that padding may be left out
  Sequential fixed;  // of `time_steps`, so that none is
};

constexpr std::int64_t time_steps = 6;

// What fits of some random layers behind an Embedding of 12 words that masks 0: of all that take a mask, layers of
// one's own among them.
std::optional<Stack> random_stack(std::uint64_t seed, bool noise);

// The layers of one's own among them, for files.
CustomObjects own_layers();

}  // namespace xeras::testing
