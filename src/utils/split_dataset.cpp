#include "xeras/utils/split_dataset.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "data/checks.hpp"
#include "utils/numpy_shuffle.hpp"
#include "xeras/core/error.hpp"

namespace xeras::utils {
namespace {

constexpr const char* split_dataset_name = "split_dataset";

// Returns the number of items, samples or batches, in a part.
std::int64_t count_of(const char* name, const Part& part, std::int64_t total, const char* items) {
  if (part.count()) {
    if (*part.count() > 0 && *part.count() < total) return *part.count();
    throw InvalidArgument(fmt::format("{}: {} is {} of {} {}; expected 1 to {}, or a fraction in (0, 1) such as 0.8.",
                                      split_dataset_name, name, *part.count(), total, items, total - 1));
  }
  const double fraction = *part.fraction();
  // Halves round to the even number, as in Python.
  if (fraction > 0.0 && fraction < 1.0) return std::llrint(fraction * static_cast<double>(total));
  throw InvalidArgument(fmt::format("{}: {} is {}; expected a fraction in (0, 1), or a whole number of {}.",
                                    split_dataset_name, name, fraction, items));
}

void check_sizes(const SplitDatasetOptions& options, const char* items) {
  if (options.left_size || options.right_size) return;
  throw InvalidArgument(fmt::format(
      "{}: left_size and right_size are missing; expected at least one. 0.8 puts eight tenths of the {} to the left.",
      split_dataset_name, items));
}

// Returns which items are in the two parts.
std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> split(std::int64_t total, const char* items,
                                                                      const SplitDatasetOptions& options) {
  check_sizes(options, items);
  std::int64_t left = options.left_size ? count_of("left_size", *options.left_size, total, items) : 0;
  std::int64_t right = options.right_size ? count_of("right_size", *options.right_size, total, items) : 0;
  if (!options.left_size) left = total - right;
  if (!options.right_size) right = total - left;
  if (left <= 0 || right <= 0 || left + right > total) {
    throw InvalidArgument(fmt::format(
        "{}: {} {} to the left and {} to the right of {}; expected at least one in each, and no more than there are. "
        "Pass other sizes or more {}.",
        split_dataset_name, left, items, right, total, items));
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(total));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  if (options.shuffle) {
    shuffled_order(order.size(), RandomStream(options.seed ? *options.seed : next_random_seed()), order);
  }
  return {{order.begin(), order.begin() + left}, {order.end() - right, order.end()}};
}

// Batches in memory.
class Held final : public data::Dataset {
 public:
  explicit Held(std::vector<data::Batch> batches) : batches_(std::move(batches)) {}
  std::int64_t num_batches() const override { return static_cast<std::int64_t>(batches_.size()); }
  data::Batch get_batch(std::int64_t index) override { return batches_[static_cast<std::size_t>(index)]; }

 private:
  std::vector<data::Batch> batches_;
};

void check_length(const char* what, const Input& data, const Input& x) {
  if (!data || data.length() == x.length()) return;
  throw InvalidInput(
      fmt::format("{}: x has {} samples and {} has {}; expected equal numbers. Check how the data was assembled.",
                  split_dataset_name, x.length(), what, data.length()));
}

}  // namespace

std::pair<data::Batch, data::Batch> split_dataset(const Input& x, const Input& y, const SplitDatasetOptions& options) {
  check_length("y", y, x);
  const std::int64_t total = x.length();
  const auto [left, right] = split(total, "samples", options);
  const auto part = [&](const std::vector<std::int64_t>& positions) {
    const auto count = static_cast<std::int64_t>(positions.size());
    return data::Batch{x.gather(positions, {count}), y ? y.gather(positions, {count}) : Input()};
  };
  return {part(left), part(right)};
}

std::pair<data::Batch, data::Batch> split_dataset(const Input& x, const SplitDatasetOptions& options) {
  return split_dataset(x, Input(), options);
}

DatasetPart::DatasetPart(DatasetArgument source, std::vector<std::int64_t> batches)
    : source_(std::move(source)), batches_(std::move(batches)) {}

data::Batch DatasetPart::read(std::int64_t index) {
  if (index >= 0 && index < num_batches())
    return source_.get(split_dataset_name).read(batches_[static_cast<std::size_t>(index)]);
  throw InvalidArgument(fmt::format("{}: batch {} of a part is asked for; expected 0 to {}.", split_dataset_name, index,
                                    num_batches() - 1));
}

data::Batch DatasetPart::finish(data::Batch batch) { return source_.get(split_dataset_name).finish(std::move(batch)); }

std::pair<DatasetPart, DatasetPart> split_dataset(const DatasetArgument& dataset, const SplitDatasetOptions& options) {
  check_sizes(options, "batches");
  data::Dataset& source = dataset.get(split_dataset_name);
  const std::optional<std::int64_t> size = data::size_of(split_dataset_name, source);
  if (size && !source.in_order()) {
    auto [left, right] = split(*size, "batches", options);
    source.set_epoch(0);
    source.on_epoch_begin();
    return {DatasetPart(dataset, std::move(left)), DatasetPart(dataset, std::move(right))};
  }
  std::vector<data::Batch> batches;
  data::for_each(dataset, [&](const data::Batch& batch) { batches.push_back(batch); });
  auto [left, right] = split(std::ssize(batches), "batches", options);
  const auto held = std::make_shared<Held>(std::move(batches));
  return {DatasetPart(held, std::move(left)), DatasetPart(held, std::move(right))};
}

}  // namespace xeras::utils
