#include "xeras/utils/normalize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::utils {
namespace {

// The norm of `count` numbers that are `step` apart.
double norm(const float* x, std::int64_t count, std::int64_t step, double order) {
  double sum = 0.0, largest = 0.0, smallest = INFINITY;
  for (std::int64_t i = 0; i < count; ++i) {
    const double size = std::abs(static_cast<double>(x[i * step]));
    largest = std::max(largest, size);
    smallest = std::min(smallest, size);
    if (order == 0.0)
      sum += size != 0.0 ? 1.0 : 0.0;
    else
      sum += order == 1.0 ? size : order == 2.0 ? size * size : std::pow(size, order);
  }
  if (std::isinf(order)) return order > 0.0 ? largest : smallest;
  if (order == 0.0 || order == 1.0) return sum;
  return order == 2.0 ? std::sqrt(sum) : std::pow(sum, 1.0 / order);
}

}  // namespace

Tensor normalize(const Input& x, NormalizeOptions options) {
  if (std::isnan(options.order)) {
    throw InvalidArgument("normalize: order is nan; expected a number. 2 is usual.");
  }
  const auto rank = static_cast<std::int64_t>(x.extents().rank());
  if (options.axis < -rank || options.axis >= rank) {
    throw InvalidArgument(fmt::format("normalize: axis is {} of an array of shape {}; expected one in [-{}, {}).",
                                      options.axis, x.extents().to_string(), rank, rank));
  }
  Tensor result = x.to_tensor();
  const auto axis = static_cast<std::size_t>(options.axis < 0 ? options.axis + rank : options.axis);
  std::int64_t before = 1, after = 1;
  for (std::size_t i = 0; i < axis; ++i) before *= x.extents()[i];
  for (std::size_t i = axis + 1; i < x.extents().rank(); ++i) after *= x.extents()[i];
  const std::int64_t count = x.extents()[axis];
  for (std::int64_t outer = 0; outer < before; ++outer) {
    for (std::int64_t inner = 0; inner < after; ++inner) {
      float* const from = result.data() + outer * count * after + inner;
      double size = norm(from, count, after, options.order);
      if (size == 0.0) size = 1.0;
      for (std::int64_t i = 0; i < count; ++i) from[i * after] = static_cast<float>(from[i * after] / size);
    }
  }
  return result;
}

}  // namespace xeras::utils
