#include "xeras/layers/normalization/unit_normalization.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/simd.hpp"
#include "layers/axes.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

constexpr float most = 1e12f;  // the largest factor

UnitNormalization::UnitNormalization(UnitNormalizationOptions options) : LayerWith(std::move(options)) {
  require_axes(who(), "axis", config().axis);
}

Spec UnitNormalization::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  axes_ = sample_axes(builder, "axis", config().axis, input.shape);
  inverse_ = builder.saved(with_ones(input.shape, axes_).without_batch().with_batch());
  const Shape line = with_ones(input.shape, ~axes_);
  for (Buffer* room : {&x_, &y_, &dy_}) *room = builder.scratch(line);
  if (!axes_[1]) builder.step_by_step();
  Spec output = input;
  output.masked = input.masked && !axes_[1];
  return output;
}

void UnitNormalization::forward(const Call& call) const {
  const Lines lines(call.input().extents, axes_);
  const auto length = static_cast<std::size_t>(lines.length());
  lines.each(2 * length, [&](std::int64_t line) {
    const float* x = lines.gather(line, call.input().data, call[x_].data);
    float* y = lines.place(line, call.output().data, call[y_].data);
    const float inverse = std::min(1.0f / std::sqrt(kernels::simd().sum_of_squares(x, length)), most);
    call[inverse_].data[line] = inverse;
    kernels::simd().affine(inverse, x, 0.0f, y, length);
    lines.scatter(line, y, call.output().data);
  });
}

// dx = (dy - y sum(y dy)) / length.
void UnitNormalization::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const Lines lines(call.input().extents, axes_);
  const auto length = static_cast<std::size_t>(lines.length());
  lines.each(3 * length, [&](std::int64_t line) {
    const float* y = lines.gather(line, call.output().data, call[y_].data);
    const float* dy = lines.gather(line, call.output_grad().data, call[dy_].data);
    float* dx = lines.place(line, call.input_grad().data, call[x_].data);
    const float inverse = call[inverse_].data[line] < most ? call[inverse_].data[line] : 0.0f;
    const float along = kernels::simd().dot(y, dy, length);
    kernels::simd().affine(inverse, dy, 0.0f, dx, length);
    kernels::simd().axpy(-along * inverse, y, dx, length);
    lines.scatter(line, dx, call.input_grad().data);
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(UnitNormalization)
