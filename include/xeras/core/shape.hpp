#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
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
class XERAS_API Dim {
 public:
  Dim(NoneType = None) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Dim(I size) : Dim(static_cast<std::int64_t>(size), Checked{}) {}

  bool known() const { return size_ >= 0; }
  /// The size; only where it is known.
  std::int64_t size() const { return size_; }
  std::string to_string() const;

  friend bool operator==(Dim, Dim) = default;

 private:
  struct Checked {};
  Dim(std::int64_t size, Checked);

  std::int64_t size_ = -1;
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
