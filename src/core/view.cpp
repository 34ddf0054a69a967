#include "xeras/core/view.hpp"

#include "core/wrong_shape.hpp"
#include "xeras/core/error.hpp"

namespace xeras {

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
