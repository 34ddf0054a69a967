#pragma once

#include <optional>
#include <utility>

#include "xeras/data/dataset.hpp"

namespace xeras::utils {

/// A part of the samples: an integer counts them, a floating number is a fraction in (0, 1).
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

}  // namespace xeras::utils
