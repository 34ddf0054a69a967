#include "xeras/core/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <ostream>

#include "xeras/core/error.hpp"

namespace xeras {

Dim::Dim(std::int64_t size, Checked) : size_(size) {
  if (size < 0) throw InvalidArgument(fmt::format("Shape: an axis of size {}; expected a size >= 0 or None.", size));
}

// A None's axes are at most 16 four-bit codes: 1 to 8 are the input axes, 9 to 15 the output axes after the batch.
Dim Dim::named(std::uint64_t axes, std::int64_t factor) {
  Dim dim;
  dim.axes_ = axes;
  dim.factor_ = factor;
  return dim;
}

Dim Dim::input_axis(std::size_t axis) { return named(axis + 1, 1); }

Dim Dim::output_axis(std::size_t axis) { return axis == 0 ? input_axis(0) : named(axis + 8, 1); }

std::int64_t Dim::resolve(const std::int64_t* input, const std::int64_t* output) const {
  if (known()) return size_;
  if (axes_ == 0) return -1;
  std::int64_t size = factor_;
  for (std::uint64_t rest = axes_; rest != 0; rest >>= 4) {
    const std::uint64_t axis = rest & 15;
    if (axis > 8 && output == nullptr) return -1;
    if (__builtin_mul_overflow(size, axis <= 8 ? input[axis - 1] : output[axis - 8], &size)) {
      return std::numeric_limits<std::int64_t>::max();
    }
  }
  return size;
}

Dim Dim::in_terms_of(std::span<const Dim> dims) const {
  if (known()) return *this;
  Dim dim = axes_ == 0 ? Dim() : Dim(factor_);
  for (std::uint64_t rest = axes_; rest != 0; rest >>= 4) {
    const std::uint64_t axis = rest & 15;
    dim = dim * (axis <= dims.size() ? dims[axis - 1] : Dim());
  }
  return dim;
}

Dim operator*(Dim a, Dim b) {
  if (a == Dim(0) || b == Dim(0)) return 0;
  std::int64_t factor = 0;
  if (__builtin_mul_overflow(a.known() ? a.size_ : a.factor_, b.known() ? b.size_ : b.factor_, &factor)) {
    throw InvalidArgument(
        fmt::format("Shape: an axis of {} * {}; expected sizes below 2^63.", a.to_string(), b.to_string()));
  }
  if (a.known() && b.known()) return factor;
  const int bits = std::bit_width(b.axes_), shift = (bits + 3) / 4 * 4;
  const bool fits = std::bit_width(a.axes_) + shift <= 64;
  return a.resolvable() && b.resolvable() && fits
             ? Dim::named(shift < 64 ? a.axes_ << shift | b.axes_ : b.axes_, factor)
             : Dim();
}

std::string Dim::to_string() const { return known() ? std::to_string(size_) : "None"; }

bool Shape::known() const {
  return std::all_of(begin(), end(), [](Dim dim) { return dim.known(); });
}

std::int64_t Shape::size() const {
  std::int64_t size = 1;
  for (const Dim dim : dims_) {
    if (__builtin_mul_overflow(size, dim.size(), &size)) {
      throw InvalidArgument(fmt::format("Shape: {} has more than 2^63 elements; expected fewer.", to_string()));
    }
  }
  return size;
}

Shape Shape::with_batch(Dim batch) const {
  std::vector<Dim> dims{batch};
  dims.insert(dims.end(), begin(), end());
  return Shape(std::move(dims));
}

Shape Shape::without_batch() const {
  return Shape(std::vector<Dim>(dims_.begin() + (dims_.empty() ? 0 : 1), dims_.end()));
}

std::string Shape::to_string() const {
  std::string text = "(";
  for (std::size_t axis = 0; axis < rank(); ++axis) text += (axis > 0 ? ", " : "") + dims_[axis].to_string();
  return text + (rank() == 1 ? ",)" : ")");
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.to_string(); }

}  // namespace xeras
