#pragma once

#include <algorithm>
#include <array>

#include "layers/parallel_each.hpp"
#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

// Helpers of layers with an `axis` option.
namespace xeras {

// Throws InvalidArgument if `axes` is None.
void require_axes(const std::string& who, const char* option, const Axes& axes);

// Returns the axes, counted from the front. Throws ShapeError if the input lacks one, and for axis 0, since the samples
// of a batch are independent.
AxisSet sample_axes(const Builder& builder, const char* option, const Axes& axes, const Shape& input);

// Throws ShapeError if one of the axes, along which there are weights, is None.
void require_known(const Builder& builder, const AxisSet& axes, const Shape& input);

// Returns the shape with these axes set to 1.
Shape with_ones(Shape shape, const AxisSet& axes);

// Broadcasts an array that has 1 at the axes `shared` to `extents`: calls f(i, j) for every element i of the result, in
// order, and the corresponding element j of the array.
template <class F>
void for_each_broadcast(const Extents& extents, const AxisSet& shared, F f) {
  std::array<std::int64_t, Extents::max_rank> strides{};
  std::int64_t stride = 1;
  for (std::size_t axis = extents.rank(); axis-- > 0;) {
    if (shared[axis]) continue;
    strides[axis] = stride;
    stride *= extents[axis];
  }
  const std::size_t last = extents.rank() - 1;
  std::int64_t i = 0;
  for (std::int64_t row = 0; row < extents.row_count(); ++row) {
    std::int64_t rest = row, j = 0;
    for (std::size_t axis = last; axis-- > 0;) {
      j += rest % extents[axis] * strides[axis];
      rest /= extents[axis];
    }
    for (std::int64_t k = 0; k < extents[last]; ++k, j += strides[last]) f(i++, j);
  }
}

// A view of an array as lines along some of its axes. Lines along the last axes are used in place, others are copied.
class Lines {
 public:
  Lines(const Extents& extents, const AxisSet& over);

  std::int64_t count() const { return count_; }
  std::int64_t length() const { return length_; }
  bool in_place() const { return in_place_; }

  // Calls f(line) for all lines, each as much work as `work` floats, in several threads if it is worth it. Lines that
  // are not in place share one buffer, so they are processed in sequence.
  template <class F>
  void each(std::size_t work, F f) const {
    const auto one = [&](std::size_t line) { f(static_cast<std::int64_t>(line)); };
    const auto count = static_cast<std::size_t>(count_);
    if (in_place_) return parallel_each(count, work, one);
    for (std::size_t line = 0; line < count; ++line) one(line);
  }

  // Calls f(index in the array) for the elements of a line, in order.
  template <class F>
  void for_each(std::int64_t line, F f) const {
    const std::int64_t start = kept_.offset(line);
    for (std::int64_t k = 0; k < length_; ++k) f(start + over_.offset(k));
  }
  // Returns the memory to which to write a line: its place in the array, or `room`, which scatter then copies.
  template <class T>
  T* place(std::int64_t line, T* array, T* room) const {
    return in_place_ ? array + line * length_ : room;
  }
  // Returns a line for reading: its place in the array, or a copy in `room`.
  template <class T>
  T* gather(std::int64_t line, T* array, float* room) const {
    if (in_place_) return array + line * length_;
    float* to = room;
    for_each(line, [&](std::int64_t i) { *to++ = array[i]; });
    return room;
  }
  void scatter(std::int64_t line, const float* values, float* array) const;

 private:
  struct Part {
    std::array<std::int64_t, Extents::max_rank> sizes{}, strides{};
    std::size_t rank = 0;

    std::int64_t offset(std::int64_t index) const {
      std::int64_t sum = 0;
      for (std::size_t axis = rank; axis-- > 1;) {
        sum += index % sizes[axis] * strides[axis];
        index /= sizes[axis];
      }
      return sum + index * strides[0];
    }
  };

  Part kept_, over_;
  std::int64_t count_ = 1, length_ = 1;
  bool in_place_ = true;
};

}  // namespace xeras
