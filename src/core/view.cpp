#include "xeras/core/view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/wrong_shape.hpp"
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

std::int64_t Extents::rows() const {
  std::int64_t rows = 1;
  for (std::size_t axis = 0; axis + 1 < rank_; ++axis) rows *= dims_[axis];
  return rows;
}

std::string Extents::to_string() const {
  return fmt::format("({}{})", fmt::join(dims_.begin(), dims_.begin() + rank_, ", "), rank_ == 1 ? "," : "");
}

void require_assignable(std::span<const std::size_t> from, std::span<const std::size_t> to, bool broadcasts) {
  const bool has_right_rank = broadcasts ? from.size() <= to.size() : from.size() == to.size();
  const bool fits = has_right_rank && std::equal(from.rbegin(), from.rend(), to.rbegin(), [&](auto came, auto wanted) {
                      return came == wanted || (broadcasts && came == 1);
                    });
  if (!fits) throw WrongShape(from, to, broadcasts);
}

Extents extents_of(const Tensor& tensor) {
  Extents extents;
  for (const std::size_t size : tensor.shape()) extents.push_back(static_cast<std::int64_t>(size));
  return extents;
}

}  // namespace xeras
