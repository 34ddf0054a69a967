#include "xeras/layers/activation/softmax.hpp"

#include "layers/axes.hpp"
#include "xeras/activations.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

Softmax::Softmax(SoftmaxOptions options) : LayerWith(std::move(options)) { require_axes(who(), "axis", config().axis); }

Spec Softmax::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  builder.uses_mask();
  axes_ = sample_axes(builder, "axis", config().axis, input.shape);
  const Shape line = with_ones(input.shape, ~axes_);
  y_ = builder.scratch(line);
  dy_ = builder.scratch(line);
  axes_[1] && input.shape.rank() > 2 ? builder.ignores_masked_steps() : builder.step_by_step();
  return input;
}

void Softmax::forward(const Call& call) const {
  const activations::Softmax softmax;
  const Extents& extents = call.input().extents;
  const Lines lines(extents, axes_);
  const float* x = call.input().data;
  float* y = call.output().data;
  const std::uint8_t* mask = call.mask().data;
  if (mask == nullptr && lines.in_place()) {
    softmax.forward(x, y, static_cast<std::size_t>(lines.count()), static_cast<std::size_t>(lines.length()));
    return;
  }
  std::int64_t width = 1;  // the number of elements of one step
  for (std::size_t axis = 2; axis < extents.rank(); ++axis) width *= extents[axis];
  const auto counts = [&](std::int64_t i) { return mask == nullptr || mask[i / width] != 0; };
  for (std::int64_t line = 0; line < lines.count(); ++line) {
    float* room = call[y_].data;
    std::size_t kept = 0;
    lines.for_each(line, [&](std::int64_t i) {
      if (counts(i)) room[kept++] = x[i];
    });
    if (kept > 0) softmax.forward(room, room, 1, kept);
    lines.for_each(line, [&](std::int64_t i) { y[i] = counts(i) ? *room++ : 0.0f; });
  }
}

// Masked elements have y = 0, so their gradient is 0.
void Softmax::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const activations::Softmax softmax;
  const Lines lines(call.input().extents, axes_);
  if (lines.in_place()) {
    softmax.backward(nullptr, call.output().data, call.output_grad().data, call.input_grad().data,
                     static_cast<std::size_t>(lines.count()), static_cast<std::size_t>(lines.length()));
    return;
  }
  for (std::int64_t line = 0; line < lines.count(); ++line) {
    const float* y = lines.gather(line, call.output().data, call[y_].data);
    const float* dy = lines.gather(line, call.output_grad().data, call[dy_].data);
    float* dx = lines.place(line, call.input_grad().data, call[dy_].data);
    softmax.backward(nullptr, y, dy, dx, 1, static_cast<std::size_t>(lines.length()));
    lines.scatter(line, dx, call.input_grad().data);
  }
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Softmax)
