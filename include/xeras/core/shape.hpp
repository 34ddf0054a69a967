#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "xeras/core/export.hpp"

#ifdef None
#error "None is a macro here, of X11 perhaps, which xeras uses as a name. Write #undef None before xeras is included."
#endif

namespace xeras {

/// An axis whose size is not known when the model is built: the batch, and often time.
struct NoneType {};
inline constexpr NoneType None{};

/// The size of one axis, or None.
///
/// A None in the input of a layer's build names its axis, and so does a product with it, so that a shape such as
/// {input.shape[0], heads, input.shape[1], input.shape[1]} says how large each call's array is.
class XERAS_API Dim {
 public:
  Dim(NoneType = None) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Dim(I size) : Dim(static_cast<std::int64_t>(size), Checked{}) {}
  /// A None that is as long as this axis of a layer's input, or of its output, which Layer::output_extents gives.
  static Dim input_axis(std::size_t axis);
  static Dim output_axis(std::size_t axis);

  bool known() const { return size_ >= 0; }
  /// The size; only where it is known.
  std::int64_t size() const { return size_; }
  /// True for a size, and for a None that names axes.
  bool resolvable() const { return known() || axes_ != 0; }
  /// The size for an input and an output of these sizes; -1 unless it is resolvable, as an axis of the output is not
  /// where `output` is null. Products end at 2^63 - 1.
  std::int64_t resolve(const std::int64_t* input, const std::int64_t* output) const;
  /// The same size by other axes: dims[i] stands for input axis i. An axis of the output becomes a plain None.
  Dim in_terms_of(std::span<const Dim> dims) const;
  std::string to_string() const;

  /// All None are equal, whatever they name.
  friend bool operator==(Dim a, Dim b) { return a.size_ == b.size_; }
  /// A None with names times anything but a plain None has names. Throws InvalidArgument where sizes pass 2^63.
  friend XERAS_API Dim operator*(Dim a, Dim b);

 private:
  struct Checked {};
  Dim(std::int64_t size, Checked);
  static Dim named(std::uint64_t axes, std::int64_t factor);

  std::int64_t size_ = -1;
  std::int64_t factor_ = 1;  // of a None: times the sizes of these axes, four bits each, see shape.cpp
  std::uint64_t axes_ = 0;
};

/// The sizes of all axes, the batch first; prints as Keras does: (None, 10, 64).
class XERAS_API Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<Dim> dims) : dims_(dims) {}
  explicit Shape(std::vector<Dim> dims) : dims_(std::move(dims)) {}

  std::size_t rank() const { return dims_.size(); }
  const Dim& operator[](std::size_t axis) const { return dims_[axis]; }
  Dim& operator[](std::size_t axis) { return dims_[axis]; }
  const Dim& last() const { return dims_.back(); }
  Dim& last() { return dims_.back(); }
  std::span<const Dim> dims() const { return dims_; }
  auto begin() const { return dims_.begin(); }
  auto end() const { return dims_.end(); }

  /// True when no axis is None.
  bool known() const;
  /// The product of all axes, which must be known; 1 for rank 0. Throws InvalidArgument when it passes 2^63.
  std::int64_t size() const;
  /// The same axes with one more in front, or with the first left out.
  Shape with_batch(Dim batch = None) const;
  Shape without_batch() const;
  std::string to_string() const;

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<Dim> dims_;
};

XERAS_API std::ostream& operator<<(std::ostream& out, const Shape& shape);

}  // namespace xeras
