#pragma once

#include <string>

#include "layers/axes.hpp"
#include "xeras/layers/call.hpp"

// What the layers that draw random numbers share. A draw follows from the stream and its number, and its number from
// the element's position: so backward makes the draws of forward again instead of keeping them.
namespace xeras::layers {

// InvalidArgument unless 0 <= rate <= 1, or rate < 1 where a noise of rate 1 would be infinite.
void require_rate(const std::string& who, double rate, bool below_1, const char* meaning);

// ShapeError unless the noise shape has the input's rank and its sizes, None or 1.
void require_noise_shape(const Builder& builder, const Shape& noise, const Shape& input);

// The axes of 1, along which elements share a draw; none of an empty shape.
AxisSet shared_draws(const Shape& noise);

// Calls f(i, draw) for every element i and the number of its draw.
template <class F>
void for_each_draw(const Extents& extents, const AxisSet& shared, F f) {
  if (shared.any()) return for_each_broadcast(extents, shared, f);
  for (std::int64_t i = 0; i < extents.size(); ++i) f(i, i);
}

// Dropout: to = 0 with probability rate, else from / (1 - rate).
void drop(const Call& call, double rate, const std::optional<std::int64_t>& seed, const AxisSet& shared,
          const float* from, float* to);

}  // namespace xeras::layers
