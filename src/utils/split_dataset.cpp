#include "xeras/utils/split_dataset.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <span>

#include "utils/numpy_shuffle.hpp"
#include "xeras/core/error.hpp"

namespace xeras::utils {
namespace {

// Returns the number of samples in a part.
std::int64_t count_of(const char* name, const Part& part, std::int64_t total) {
  if (part.count()) {
    if (*part.count() > 0 && *part.count() < total) return *part.count();
    throw InvalidArgument(
        fmt::format("split_dataset: {} is {} of {} samples; expected 1 to {}, or a fraction in (0, 1) such as 0.8.",
                    name, *part.count(), total, total - 1));
  }
  const double fraction = *part.fraction();
  // Halves round to the even number, as in Python.
  if (fraction > 0.0 && fraction < 1.0) return std::llrint(fraction * static_cast<double>(total));
  throw InvalidArgument(fmt::format(
      "split_dataset: {} is {}; expected a fraction in (0, 1), or a whole number of samples.", name, fraction));
}

void check_length(const char* what, const Input& data, const Input& x) {
  if (!data || data.length() == x.length()) return;
  throw InvalidInput(
      fmt::format("split_dataset: x has {} samples and {} has {}; expected equal numbers. Check how the data was "
                  "assembled.",
                  x.length(), what, data.length()));
}

}  // namespace

std::pair<data::Batch, data::Batch> split_dataset(const Input& x, const Input& y, const SplitDatasetOptions& options) {
  check_length("y", y, x);
  const std::int64_t total = x.length();
  if (!options.left_size && !options.right_size) {
    throw InvalidArgument(
        "split_dataset: left_size and right_size are missing; expected at least one. 0.8 puts eight tenths of the "
        "samples to the left.");
  }
  std::int64_t left = options.left_size ? count_of("left_size", *options.left_size, total) : 0;
  std::int64_t right = options.right_size ? count_of("right_size", *options.right_size, total) : 0;
  if (!options.left_size) left = total - right;
  if (!options.right_size) right = total - left;
  if (left <= 0 || right <= 0 || left + right > total) {
    throw InvalidArgument(fmt::format(
        "split_dataset: {} samples to the left and {} to the right of {}; expected at least one in each, and "
        "no more than there are. Pass other sizes or more samples.",
        left, right, total));
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(total));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  if (options.shuffle) {
    shuffled_order(order.size(), RandomStream(options.seed ? *options.seed : next_random_seed()), order);
  }
  const auto part = [&](std::int64_t first, std::int64_t count) {
    const std::span<const std::int64_t> positions(order.data() + first, static_cast<std::size_t>(count));
    return data::Batch{x.gather(positions, {count}), y ? y.gather(positions, {count}) : Input()};
  };
  return {part(0, left), part(total - right, right)};
}

std::pair<data::Batch, data::Batch> split_dataset(const Input& x, const SplitDatasetOptions& options) {
  return split_dataset(x, Input(), options);
}

}  // namespace xeras::utils
