#include "layers/axes.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras {

void require_axes(const std::string& who, const char* option, const Axes& axes) {
  if (axes.is_none()) {
    throw InvalidArgument(fmt::format("{}: {} is None; expected axes such as -1 or {{1, 2}}.", who, option));
  }
}

AxisSet sample_axes(const Builder& builder, const char* option, const Axes& axes, const Shape& input) {
  const std::optional<AxisSet> found = axes.within(input.rank());
  if (found && !found->test(0)) return *found;
  const std::size_t last = input.rank() - 1;
  throw ShapeError(fmt::format("{}: {} is {} and input is {}; expected axes in 1..{} or -{}..-1. Axis 0 is the batch.",
                               builder.who(), option, axes.to_string(), input.to_string(), last, last));
}

void require_known(const Builder& builder, const AxisSet& axes, const Shape& input) {
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    if (!axes[axis] || input[axis].known()) continue;
    throw ShapeError(
        fmt::format("{}: input is {}; expected a known size of axis {}, which the weights have. "
                    "Give the first layer an input_shape without None, or an Embedding input_length.",
                    builder.who(), input.to_string(), axis));
  }
}

Shape with_ones(Shape shape, const AxisSet& axes) {
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (axes[axis]) shape[axis] = 1;
  }
  return shape;
}

Lines::Lines(const Extents& extents, const AxisSet& over) {
  std::array<std::int64_t, Extents::max_rank> strides{};
  std::int64_t stride = 1;
  for (std::size_t axis = extents.rank(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= extents[axis];
  }
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) {
    if (!over[axis] && over_.rank > 0) in_place_ = false;
    Part& part = over[axis] ? over_ : kept_;
    part.sizes[part.rank] = extents[axis];
    part.strides[part.rank++] = strides[axis];
    (over[axis] ? length_ : count_) *= extents[axis];
  }
}

void Lines::scatter(std::int64_t line, const float* values, float* array) const {
  if (in_place_) return;
  for_each(line, [&](std::int64_t i) { array[i] = *values++; });
}

}  // namespace xeras
