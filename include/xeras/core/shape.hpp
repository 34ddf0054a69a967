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

/// The type of None: an axis whose size is unknown when the model is built, such as the batch and often time.
struct NoneType {};
inline constexpr NoneType None{};

/// The size of one axis, or None.
///
/// A None in the input of a layer's build remembers its axis, and so does a product with it. A shape such as
/// {input.shape[0], heads, input.shape[1], input.shape[1]} therefore gives the array size of each call.
class XERAS_API Dim {
 public:
  Dim(NoneType = None) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Dim(I size) : Dim(static_cast<std::int64_t>(size), Checked{}) {}
  /// A None that is as long as this axis of a layer's input, or of its output (see Layer::output_extents).
  static Dim input_axis(std::size_t axis);
  static Dim output_axis(std::size_t axis);

  bool known() const { return size_ >= 0; }
  /// Returns the size, which must be known.
  std::int64_t size() const { return size_; }
  /// True for a size, and for a None that remembers its axes.
  bool resolvable() const { return known() || axes_ != 0; }
  /// Returns the size for these input and output sizes; -1 if it is not resolvable, or if it needs an output axis and
  /// `output` is null. Products saturate at 2^63 - 1.
  std::int64_t resolve(const std::int64_t* input, const std::int64_t* output) const;
  /// Returns the same size in other terms: dims[i] replaces input axis i. An output axis becomes a plain None.
  Dim in_terms_of(std::span<const Dim> dims) const;
  std::string to_string() const;

  /// All None are equal, whatever axes they remember.
  friend bool operator==(Dim a, Dim b) { return a.size_ == b.size_; }
  /// The product of two sizes. A None that remembers its axes keeps them unless the other factor is a plain None.
  /// Throws InvalidArgument when a size exceeds 2^63.
  friend XERAS_API Dim operator*(Dim a, Dim b);

 private:
  struct Checked {};
  Dim(std::int64_t size, Checked);
  static Dim named(std::uint64_t axes, std::int64_t factor);

  std::int64_t size_ = -1;
  std::int64_t factor_ = 1;  // of a None: the factor of the product of axes_, four bits per axis (see shape.cpp)
  std::uint64_t axes_ = 0;
};

/// The sizes of all axes, the batch first. It prints like Keras: (None, 10, 64).
///
///   const Shape shape{None, 10, 64};
///   shape.last().size();  // 64
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
  /// Returns the product of all axes, which must be known; 1 for rank 0. Throws InvalidArgument when it exceeds 2^63.
  std::int64_t size() const;
  /// Returns the shape with a batch axis in front, or without its first axis.
  Shape with_batch(Dim batch = None) const;
  Shape without_batch() const;
  std::string to_string() const;

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<Dim> dims_;
};

XERAS_API std::ostream& operator<<(std::ostream& out, const Shape& shape);

}  // namespace xeras
