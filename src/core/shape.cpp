#include "xeras/core/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "xeras/core/error.hpp"

namespace xeras {

Dim::Dim(std::int64_t size, Checked) : size_(size) {
  if (size < 0) throw InvalidArgument(fmt::format("Shape: an axis of size {}; expected a size >= 0 or None.", size));
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
