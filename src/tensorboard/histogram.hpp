#pragma once

#include <array>
#include <span>

namespace xeras::tensorboard {

struct Bucket {
  double left = 0.0;
  double right = 0.0;
  double count = 0.0;
};
using Histogram = std::array<Bucket, 30>;

// Counts the finite values in buckets of equal width, as TensorBoard's own summaries do: equal values are all in the
// last bucket; without values, all buckets are 0.
Histogram histogram_of(std::span<const float> values);

}  // namespace xeras::tensorboard
