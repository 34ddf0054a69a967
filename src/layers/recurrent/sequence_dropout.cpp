#include "layers/recurrent/sequence_dropout.hpp"

#include "kernels/simd.hpp"
#include "layers/parallel_each.hpp"

namespace xeras::layers {

void draw_scales(const RandomStream& stream, std::size_t first, double rate, std::size_t draws, std::size_t batch,
                 std::size_t width, const Timeline& timeline, float* scales) {
  const auto kept = rate < 1.0 ? static_cast<float>(1.0 / (1.0 - rate)) : 0.0f;
  for (std::size_t k = 0; k < draws; ++k) {
    for (std::size_t p = 0; p < timeline.sequences(); ++p) {
      const std::uint64_t number = first + (k * batch + timeline.sequence(p)) * width;
      for (std::size_t i = 0; i < width; ++i) *scales++ = stream.uniform(number + i) < rate ? 0.0f : kept;
    }
  }
}

void scale_rows(const Timeline& timeline, const float* x, const float* scales, float* y, std::size_t width) {
  parallel_each(timeline.steps(), timeline.sequences() * width, [&](std::size_t step) {
    const std::size_t at = timeline.first(step) * width;
    kernels::simd().multiply(x + at, scales, y + at, timeline.active(step) * width);
  });
}

}  // namespace xeras::layers
