#include "xeras/utils/timeseries_dataset_from_array.hpp"

#include <fmt/format.h>

#include "utils/numpy_shuffle.hpp"
#include "xeras/core/error.hpp"

namespace xeras::utils {
namespace {

constexpr const char* timeseries_name = "timeseries_dataset_from_array";

void require(bool fits, const char* option, std::int64_t value, const std::string& expected) {
  if (fits) return;
  throw InvalidArgument(fmt::format("{}: {} is {}; expected {}.", timeseries_name, option, value, expected));
}

}  // namespace

Timeseries::Timeseries(const Input& data, const Input& targets, std::int64_t sequence_length, TimeseriesOptions options)
    : data_(data), targets_(targets), sequence_length_(sequence_length), options_(std::move(options)) {
  const std::int64_t steps = data.length(), stride = options_.sequence_stride, rate = options_.sampling_rate;
  if (steps == 0) throw InvalidInput(fmt::format("{}: data is empty; expected an array of steps.", timeseries_name));
  const std::string below_steps = fmt::format("1 to {}, less than the {} steps of data", steps - 1, steps);
  require(sequence_length > 0, "sequence_length", sequence_length, "a positive integer");
  require(stride > 0 && stride < steps, "sequence_stride", stride, below_steps);
  require(rate > 0 && rate < steps, "sampling_rate", rate, below_steps);
  require(options_.batch_size > 0, "batch_size", options_.batch_size, "a positive integer");
  start_ = options_.start_index.value_or(0);
  const std::int64_t end = options_.end_index.value_or(steps);
  require(start_ >= 0 && start_ < steps, "start_index", start_, fmt::format("0 to {}, a step of data", steps - 1));
  if (options_.end_index) {
    require(end > start_ && end < steps, "end_index", end,
            fmt::format("more than start_index, {}, and less than the {} steps of data", start_, steps));
  }
  // Avoids an overflow: a window that is longer than the data does not fit.
  std::int64_t windows = sequence_length > steps ? 0 : end - start_ - (sequence_length - 1) * rate;
  if (targets) windows = std::min(windows, targets.length());
  if (windows <= 0) {
    throw InvalidInput(fmt::format(
        "{}: no window of {} steps at a sampling_rate of {} fits into the {} steps of data in use; expected at "
        "least one{}. Use shorter windows or more data.",
        timeseries_name, sequence_length, rate, end - start_, targets ? ", with a target" : ""));
  }
  for (std::int64_t first = 0; first < windows; first += stride) first_steps_.push_back(first);
  if (targets && start_ + first_steps_.back() >= targets.length()) {
    throw InvalidInput(fmt::format(
        "{}: {} targets for a window that begins at step {}; expected one for each step that begins a window. "
        "Pass more targets, or an end_index.",
        timeseries_name, targets.length(), start_ + first_steps_.back()));
  }
  if (options_.shuffle) seed_ = options_.seed ? *options_.seed : next_random_seed();
  set_epoch(0);
}

std::int64_t Timeseries::num_batches() const {
  const auto windows = static_cast<std::int64_t>(first_steps_.size());
  return windows / options_.batch_size + (windows % options_.batch_size != 0 ? 1 : 0);
}

void Timeseries::set_epoch(std::int64_t epoch) {
  if (options_.shuffle)
    shuffled_order(first_steps_.size(), RandomStream(seed_, static_cast<std::uint64_t>(epoch)), order_);
}

data::Batch Timeseries::get_batch(std::int64_t index) {
  require(index >= 0 && index < num_batches(), "the batch", index, fmt::format("0 to {}", num_batches() - 1));
  const std::int64_t size = std::min<std::int64_t>(options_.batch_size, static_cast<std::int64_t>(first_steps_.size()));
  const std::int64_t first = index * size;
  const std::int64_t count = std::min(size, static_cast<std::int64_t>(first_steps_.size()) - first);
  std::vector<std::int64_t> starts, steps;
  for (std::int64_t i = first; i < first + count; ++i) {
    const auto window = static_cast<std::size_t>(order_.empty() ? i : order_[static_cast<std::size_t>(i)]);
    starts.push_back(start_ + first_steps_[window]);
    for (std::int64_t k = 0; k < sequence_length_; ++k) steps.push_back(starts.back() + k * options_.sampling_rate);
  }
  data::Batch batch{data_.gather(steps, {count, sequence_length_})};
  if (targets_) batch.y = targets_.gather(starts, {count});
  return batch;
}

Timeseries timeseries_dataset_from_array(const Input& data, const Input& targets, std::int64_t sequence_length,
                                         TimeseriesOptions options) {
  return {data, targets, sequence_length, std::move(options)};
}

}  // namespace xeras::utils
