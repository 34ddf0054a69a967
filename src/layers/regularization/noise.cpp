#include "layers/regularization/noise.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::layers {

void require_rate(const std::string& who, double rate, bool below_1, const char* meaning) {
  if (rate >= 0.0 && (below_1 ? rate < 1.0 : rate <= 1.0)) return;
  throw InvalidArgument(
      fmt::format("{}: rate is {}; expected a fraction in [0, 1{}. {}", who, rate, below_1 ? ")" : "]", meaning));
}

void require_noise_shape(const Builder& builder, const Shape& noise, const Shape& input) {
  bool fits = noise.rank() == 0 || noise.rank() == input.rank();
  for (std::size_t axis = 0; fits && axis < noise.rank(); ++axis) {
    fits = !noise[axis].known() || noise[axis] == Dim(1) || noise[axis] == input[axis];
  }
  if (fits) return;
  throw ShapeError(
      fmt::format("{}: noise_shape is {} and input is {}; expected as many axes, each None, 1 or the "
                  "input's size. Write the batch axis as None.",
                  builder.who(), noise.to_string(), input.to_string()));
}

AxisSet shared_draws(const Shape& noise) {
  AxisSet shared;
  for (std::size_t axis = 0; axis < noise.rank(); ++axis) shared[axis] = noise[axis] == Dim(1);
  return shared;
}

void drop(const Call& call, double rate, const std::optional<std::int64_t>& seed, const AxisSet& shared,
          const float* from, float* to) {
  const RandomStream stream = call.random(seed);
  const auto scale = rate < 1.0 ? static_cast<float>(1.0 / (1.0 - rate)) : 0.0f;
  // stream.uniform(draw) < rate, without the way through double; and no branch, which would go either way at random.
  const auto limit = static_cast<std::uint64_t>(std::ceil(rate * 0x1.0p53));
  for_each_draw(call.input().extents, shared, [=](std::int64_t i, std::int64_t draw) {
    const bool keeps = stream.bits(static_cast<std::uint64_t>(draw)) >> 11 >= limit;
    to[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(from[i] * scale) & (keeps ? ~0u : 0u));
  });
}

}  // namespace xeras::layers
