#pragma once

#include <optional>

#include "xeras/core/fields.hpp"
#include "xeras/data/dataset.hpp"

namespace xeras::utils {

struct TimeseriesOptions {
  Count sequence_stride = 1;  ///< from the start of a window to that of the next
  Count sampling_rate = 1;    ///< from a step of a window to the next
  Count batch_size = 128;
  bool shuffle = false;
  std::optional<std::uint64_t> seed = {};        ///< default: the next of the process-wide sequence
  std::optional<std::int64_t> start_index = {};  ///< the first step to use
  std::optional<std::int64_t> end_index = {};    ///< the first step not to use
};

/// Windows of a series in batches. Made by timeseries_dataset_from_array.
class XERAS_API Timeseries final : public data::Dataset {
 public:
  Timeseries(const Input& data, const Input& targets, std::int64_t sequence_length, TimeseriesOptions options);

  std::int64_t num_batches() const override;
  data::Batch get_batch(std::int64_t index) override;
  void set_epoch(std::int64_t epoch) override;
  bool may_shuffle() const override { return false; }

 private:
  Input data_;
  Input targets_;
  std::int64_t sequence_length_;
  TimeseriesOptions options_;
  std::uint64_t seed_ = 0;
  std::int64_t start_ = 0;
  std::vector<std::int64_t> first_steps_;  // of the windows, from start_
  std::vector<std::int64_t> order_;        // of the windows in this epoch
};

/// Returns the windows of a series (steps, ...) as a dataset of batches x: (batch, sequence_length, ...), and y: the
/// targets at the first step of each window, unless `targets` is empty. Named containers are borrowed and must outlive
/// the dataset. With shuffle, each epoch has an order of its own.
///
///   auto windows = timeseries_dataset_from_array(past, future, 10, {.batch_size = 32});
///   model.fit(windows, {.epochs = 3});
///
/// Throws  InvalidArgument for options outside of the series, InvalidInput for targets that end too early
/// Source  keras.utils.timeseries_dataset_from_array
XERAS_API Timeseries timeseries_dataset_from_array(const Input& data, const Input& targets,
                                                   std::int64_t sequence_length, TimeseriesOptions options = {});

}  // namespace xeras::utils
