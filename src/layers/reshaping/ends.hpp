#pragma once

#include <algorithm>
#include <cstdint>

#include "xeras/layers/steps.hpp"

// Padding and cropping, each of which is the gradient of the other.
namespace xeras::layers {

// Copies the middle of outer (B, before + T + after, D) to inner (B, T, D).
inline void crop(const float* outer, float* inner, BothEnds ends, std::int64_t B, std::int64_t T, std::int64_t D) {
  const std::int64_t length = ends.before() + T + ends.after();
  for (std::int64_t b = 0; b < B; ++b) std::copy_n(outer + (b * length + ends.before()) * D, T * D, inner + b * T * D);
}

// Copies inner to the middle of outer, and sets the rest to 0.
inline void pad(const float* inner, float* outer, BothEnds ends, std::int64_t B, std::int64_t T, std::int64_t D) {
  for (std::int64_t b = 0; b < B; ++b) {
    outer = std::fill_n(outer, ends.before() * D, 0.0f);
    outer = std::copy_n(inner + b * T * D, T * D, outer);
    outer = std::fill_n(outer, ends.after() * D, 0.0f);
  }
}

}  // namespace xeras::layers
