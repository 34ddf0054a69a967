#pragma once

#include <optional>
#include <utility>

#include "xeras/data/dataset.hpp"

namespace xeras::utils {

/// A part of the samples, or of the batches of a dataset: an integer counts them, a floating number is a fraction in
/// (0, 1).
class Part {
 public:
  template <std::integral I>
  requires(!std::same_as<I, bool>) Part(I count) : count_(static_cast<std::int64_t>(count)) {}
  template <std::floating_point F>
  Part(F fraction) : fraction_(static_cast<double>(fraction)) {}

  const std::optional<std::int64_t>& count() const { return count_; }
  const std::optional<double>& fraction() const { return fraction_; }

 private:
  std::optional<std::int64_t> count_;
  std::optional<double> fraction_;
};

struct SplitDatasetOptions {
  std::optional<Part> left_size = {};   ///< default: what right_size leaves
  std::optional<Part> right_size = {};  ///< default: what left_size leaves
  bool shuffle = false;
  std::optional<std::uint64_t> seed = {};  ///< default: the next of the process-wide sequence
};

/// Returns two parts of arrays: the first samples and the last ones, after shuffling if asked for. The parts own their
/// data.
///
///   const auto [left, right] = split_dataset(x, y, {.left_size = 0.8, .shuffle = true, .seed = 1});
///   model.fit(left.x, left.y, {.validation_data = {right.x, right.y}});
///
/// Throws  InvalidArgument for sizes that do not fit or leave a part empty, InvalidInput for unequal lengths
/// Source  keras.utils.split_dataset
XERAS_API std::pair<data::Batch, data::Batch> split_dataset(const Input& x, const Input& y,
                                                            const SplitDatasetOptions& options);
XERAS_API std::pair<data::Batch, data::Batch> split_dataset(const Input& x, const SplitDatasetOptions& options);

/// Some of the batches of a dataset, the same ones in each epoch. Made by split_dataset.
class XERAS_API DatasetPart final : public data::Dataset {
 public:
  DatasetPart(DatasetArgument source, std::vector<std::int64_t> batches);

  std::int64_t num_batches() const override { return static_cast<std::int64_t>(batches_.size()); }
  data::Batch get_batch(std::int64_t index) override { return finish(read(index)); }
  data::Batch read(std::int64_t index) override;
  data::Batch finish(data::Batch batch) override;

  /// The indices of the batches in the dataset.
  const std::vector<std::int64_t>& batches() const { return batches_; }

 private:
  DatasetArgument source_;
  std::vector<std::int64_t> batches_;
};

/// Returns two parts of a dataset. Here, sizes count batches.
///
///   auto [train, held_out] = split_dataset(dataset, {.left_size = 0.8});
///   model.fit(train, {.validation_dataset = &held_out});
///
/// A part makes its batches when they are needed, as those of the epoch 0 in each epoch: it calls set_epoch and
/// on_epoch_begin of the dataset once. fit shuffles the batches of a part. A dataset that is given by reference must
/// outlive the parts, and nothing else may use it. A dataset that is read in order (a generator, TextLines) or does
/// not know its number of batches is read once, and its batches stay in memory.
///
/// Throws  InvalidArgument for sizes that do not fit or leave a part empty, and what the dataset throws
/// Source  keras.utils.split_dataset, which counts samples and holds all of them in memory
XERAS_API std::pair<DatasetPart, DatasetPart> split_dataset(const DatasetArgument& dataset,
                                                            const SplitDatasetOptions& options);

}  // namespace xeras::utils
