#pragma once

#include <algorithm>
#include <array>

#include "core/parallel.hpp"
#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

// What layers with an `axis` option share.
namespace xeras {

// InvalidArgument for an axis of None.
void require_axes(const std::string& who, const char* option, const Axes& axes);

// The axes, counted from the front. ShapeError where the input lacks one, and for axis 0: the samples of a batch have
// nothing to do with each other.
AxisSet sample_axes(const Builder& builder, const char* option, const Axes& axes, const Shape& input);

// ShapeError where one of the axes is None: weights have its size.
void require_known(const Builder& builder, const AxisSet& axes, const Shape& input);

// The shape with 1 in place of these axes.
Shape with_ones(Shape shape, const AxisSet& axes);

// Lays a small array over a large one: the small one has 1 in place of the axes `shared`. Calls f(i, j) for every
// element i of the large one, in order, and the element j of the small one that lies over it.
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

// An array seen as lines over some of its axes: in place where these are the last ones, else gathered and scattered.
class Lines {
 public:
  Lines(const Extents& extents, const AxisSet& over);

  std::int64_t count() const { return count_; }
  std::int64_t length() const { return length_; }
  bool in_place() const { return in_place_; }

  // Calls f(line) for all lines, each as much work as `work` floats, in several threads where that pays. Lines that are
  // not in place share their room, and are one after the other.
  template <class F>
  void each(std::size_t work, F f) const {
    const auto lines = [&](std::size_t begin, std::size_t end) {
      for (std::size_t line = begin; line < end; ++line) f(static_cast<std::int64_t>(line));
    };
    const auto count = static_cast<std::size_t>(count_);
    in_place_ ? parallel_for(count, work, lines) : lines(0, count);
  }

  // Calls f(position in the array) for the elements of a line, in order.
  template <class F>
  void for_each(std::int64_t line, F f) const {
    const std::int64_t start = kept_.offset(line);
    for (std::int64_t k = 0; k < length_; ++k) f(start + over_.offset(k));
  }
  // A line to write: where it is, or `room`, from where scatter brings it home.
  template <class T>
  T* place(std::int64_t line, T* array, T* room) const {
    return in_place_ ? array + line * length_ : room;
  }
  // A line to read: where it is, or a copy in `room`.
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
