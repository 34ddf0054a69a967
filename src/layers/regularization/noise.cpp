#include "layers/regularization/noise.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kernels/simd.hpp"
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
    const bool is_open_batch = axis == 0 && !input[axis].known();
    fits = !noise[axis].known() || noise[axis] == Dim(1) || noise[axis] == input[axis] || is_open_batch;
  }
  if (fits) return;
  throw ShapeError(
      fmt::format("{}: noise_shape is {} and input is {}; expected as many axes, each None, 1 or the input's size. "
                  "Write None for an axis that is as long as the input's.",
                  builder.who(), noise.to_string(), input.to_string()));
}

bool fits_batch(const Shape& noise, const Extents& batch) {
  return noise.rank() == 0 || !noise[0].known() || noise[0] == Dim(1) || noise[0].size() == batch[0];
}

void throw_other_batch(const std::string& who, const Shape& noise, const Extents& batch) {
  throw InvalidInput(
      fmt::format("{}: a batch of shape {} does not match noise_shape {}; expected {} samples in training. Write None "
                  "for the batch axis to take any number.",
                  who, batch.to_string(), noise.to_string(), noise[0].size()));
}

AxisSet shared_draws(const Shape& noise) {
  AxisSet shared;
  for (std::size_t axis = 0; axis < noise.rank(); ++axis) shared[axis] = noise[axis] == Dim(1);
  return shared;
}

std::int64_t draws_per_row(const Extents& extents, const AxisSet& shared) {
  std::int64_t draws = shared[0] ? 0 : 1;
  for (std::size_t axis = 1; axis < extents.rank(); ++axis) {
    if (!shared[axis]) draws *= extents[axis];
  }
  return draws;
}

void drop(const Call& call, double rate, const std::optional<std::int64_t>& seed, const AxisSet& shared,
          const float* from, float* to) {
  const Extents& extents = call.input().extents;
  const std::uint64_t key = call.random(seed, draws_per_row(extents, shared)).key();
  const auto scale = rate < 1.0 ? static_cast<float>(1.0 / (1.0 - rate)) : 0.0f;
  const auto limit = static_cast<std::uint64_t>(std::ceil(rate * 0x1.0p53));  // in the bits of uniform()
  const auto drop_some = [=](std::size_t at, std::size_t draw, std::size_t count) {
    kernels::simd().drop(key, draw, limit, scale, from + at, to + at, count);
  };
  if (!shared.any()) {
    parallel_for(static_cast<std::size_t>(extents.size()), 1,
                 [&](std::size_t begin, std::size_t end) { drop_some(begin, begin, end - begin); });
    return;
  }
  // Drop rows along the last axis, or single elements if that axis shares its draws.
  const bool has_rows = !shared[extents.rank() - 1];
  Extents rows = extents;
  if (has_rows) rows[extents.rank() - 1] = 1;
  const auto width = static_cast<std::size_t>(has_rows ? extents.last() : 1);
  for_each_draw(rows, shared, width, [&](std::int64_t row, std::int64_t draw) {
    drop_some(static_cast<std::size_t>(row) * width, static_cast<std::size_t>(draw) * width, width);
  });
}

}  // namespace xeras::layers
