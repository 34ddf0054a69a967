#include "tensorboard/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace xeras::tensorboard {

Histogram histogram_of(std::span<const float> values) {
  constexpr std::size_t last = std::tuple_size_v<Histogram> - 1;
  constexpr auto buckets = static_cast<double>(last + 1);
  double least = std::numeric_limits<double>::infinity(), most = -least, finite = 0.0;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, static_cast<double>(value));
    most = std::max(most, static_cast<double>(value));
    ++finite;
  }
  Histogram histogram{};
  if (finite == 0.0) return histogram;
  const double width = (most - least) / buckets;
  for (std::size_t b = 0; b <= last; ++b) {
    const auto left = static_cast<double>(b);
    histogram[b] = {least + width * left, b == last ? most : least + width * (left + 1.0), 0.0};
  }
  if (width == 0.0) {
    histogram[last].count = finite;
    return histogram;
  }
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    ++histogram[std::min(static_cast<std::size_t>((value - least) / width), last)].count;
  }
  return histogram;
}

}  // namespace xeras::tensorboard
