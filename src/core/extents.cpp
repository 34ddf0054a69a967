#include "xeras/core/extents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "xeras/core/error.hpp"

namespace xeras {

Extents::Extents(std::initializer_list<std::int64_t> dims) {
  for (const std::int64_t size : dims) push_back(size);
}

void Extents::throw_full() const {
  throw InvalidArgument(
      fmt::format("shape {} with one more axis; expected at most {} axes. Join some of them.", to_string(), max_rank));
}

std::int64_t Extents::size() const {
  std::int64_t size = 1;
  for (std::size_t axis = 0; axis < rank_; ++axis) size *= dims_[axis];
  return size;
}

std::int64_t Extents::row_count() const {
  std::int64_t rows = 1;
  for (std::size_t axis = 0; axis + 1 < rank_; ++axis) rows *= dims_[axis];
  return rows;
}

std::string Extents::to_string() const {
  return fmt::format("({}{})", fmt::join(dims_.begin(), dims_.begin() + rank_, ", "), rank_ == 1 ? "," : "");
}

}  // namespace xeras
