#pragma once

#include <string>

#include "layers/activation/elementwise.hpp"
#include "layers/axes.hpp"
#include "xeras/layers/call.hpp"

// Helpers of layers that draw random numbers. A draw depends only on the stream and its number, and its number on the
// element's position, so backward repeats the draws of forward instead of storing them.
namespace xeras::layers {

// Throws InvalidArgument unless 0 <= rate <= 1, or rate < 1 if below_1.
void require_rate(const std::string& who, double rate, bool below_1, const char* meaning);

// Throws ShapeError unless the noise shape has the input's rank, and its sizes, None or 1. If the batch size of the
// input is None, any is allowed, and each batch must pass fits_batch.
void require_noise_shape(const Builder& builder, const Shape& noise, const Shape& input);
bool fits_batch(const Shape& noise, const Extents& batch);
[[noreturn]] void throw_other_batch(const std::string& who, const Shape& noise, const Extents& batch);

// Returns the axes of size 1, along which elements share a draw.
AxisSet shared_draws(const Shape& noise);

// The work for a normal number, in floats that a loop processes, for parallel_for.
constexpr std::size_t floats_a_normal = 16;

// Returns the number of draws for a row of an array: one for each element, but for shared ones.
std::int64_t draws_per_row(const Extents& extents, const AxisSet& shared);

// Calls f(i, draw) for every element i and the number of its draw, each as much work as `work` floats, in several
// threads if it is worth it.
template <class F>
void for_each_draw(const Extents& extents, const AxisSet& shared, std::size_t work, F f) {
  const auto size = static_cast<std::size_t>(extents.size());
  if (!shared.any()) {
    parallel_each(size, work, [&](std::size_t i) { f(static_cast<std::int64_t>(i), static_cast<std::int64_t>(i)); });
    return;
  }
  // From one sample to the next.
  const std::int64_t elements = draws_per_row(extents, AxisSet()), draws = draws_per_row(extents, shared);
  work *= static_cast<std::size_t>(elements);
  parallel_for(static_cast<std::size_t>(extents[0]), work, [&](std::size_t begin, std::size_t end) {
    Extents part = extents;
    part[0] = static_cast<std::int64_t>(end - begin);
    const auto first = static_cast<std::int64_t>(begin);
    for_each_broadcast(part, shared,
                       [&](std::int64_t i, std::int64_t j) { f(first * elements + i, first * draws + j); });
  });
}

// Sets each element of `to` to 0 with probability rate, else to from / (1 - rate).
void drop(const Call& call, double rate, const std::optional<std::int64_t>& seed, const AxisSet& shared,
          const float* from, float* to);

}  // namespace xeras::layers
