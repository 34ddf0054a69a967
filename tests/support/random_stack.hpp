#pragma once

#include <optional>

#include "xeras/xeras.hpp"

namespace xeras::testing {

// Draws random numbers one after the other.
class Draw {
 public:
  Draw(std::uint64_t seed, bool with_noise) : noise(with_noise), random_(seed) {}
  const bool noise;  // true if layers may draw random numbers, whose order changes in a longer batch
  std::size_t below(std::size_t n) { return random_.below(i_++, n); }
  bool yes() { return below(2) == 0; }

 private:
  RandomStream random_;
  std::uint64_t i_ = 0;
};

// A model of random layers, in one version per kind of input.
struct Stack {
  Sequential open;   // of any length, so padding may be left out
  Sequential fixed;  // of `time_steps`, so padding cannot be left out
};

constexpr std::int64_t time_steps = 6;

// Returns a stack of random layers that fit together, after an Embedding of 12 words that masks 0. They are drawn from
// all layers that take a mask, including custom ones.
std::optional<Stack> random_stack(std::uint64_t seed, bool noise);

// Returns the custom layers among them, for files.
CustomObjects own_layers();

}  // namespace xeras::testing
