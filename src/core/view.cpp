#include "xeras/core/view.hpp"

#include <cassert>

namespace xeras {

Extents::Extents(std::initializer_list<std::int64_t> dims) {
  for (const std::int64_t size : dims) push_back(size);
}

void Extents::push_back(std::int64_t size) {
  assert(rank_ < max_rank);
  dims_[rank_++] = size;
}

std::int64_t Extents::size() const {
  std::int64_t size = 1;
  for (std::size_t axis = 0; axis < rank_; ++axis) size *= dims_[axis];
  return size;
}

std::int64_t Extents::rows() const {
  std::int64_t rows = 1;
  for (std::size_t axis = 0; axis + 1 < rank_; ++axis) rows *= dims_[axis];
  return rows;
}

std::string Extents::to_string() const {
  Shape shape(std::vector<Dim>(dims_.begin(), dims_.begin() + static_cast<std::ptrdiff_t>(rank_)));
  return shape.to_string();
}

Extents extents_of(const Tensor& tensor) {
  Extents extents;
  for (const std::size_t size : tensor.shape()) extents.push_back(static_cast<std::int64_t>(size));
  return extents;
}

}  // namespace xeras
