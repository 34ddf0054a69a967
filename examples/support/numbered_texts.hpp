#pragma once

// The texts of a file as ids, in memory, without padding: 4 bytes for each word.

#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "labelled_lines.hpp"

namespace example {

/// A dataset of batches in a new order each epoch. The labels of a text are one number, or ones in a row of zeros.
class NumberedTexts final : public xeras::data::Dataset {
 public:
  NumberedTexts(std::int64_t batch_size, std::size_t labels, bool several_labels, std::uint64_t seed)
      : batch_size_(batch_size), labels_(labels), several_labels_(several_labels), seed_(seed) {}

  /// Adds rows of ids, (texts, time), without the zeros at their ends.
  void add(const xeras::text::Array<int>& ids, const std::vector<std::vector<int>>& labels) {
    const std::size_t width = ids.shape(1);
    for (std::size_t row = 0; row < labels.size(); ++row) {
      const int* const from = ids.data() + row * width;
      const int* to = from + width;
      while (to != from && to[-1] == 0) --to;
      ids_.insert(ids_.end(), from, to);
      ends_.push_back(ids_.size());
      label_of_.insert(label_of_.end(), labels[row].begin(), labels[row].end());
      label_ends_.push_back(label_of_.size());
    }
  }
  std::int64_t size() const { return static_cast<std::int64_t>(ends_.size()); }
  std::size_t words() const { return ids_.size(); }

  std::int64_t num_batches() const override { return (size() + batch_size_ - 1) / batch_size_; }
  bool may_shuffle() const override { return false; }
  void set_epoch(std::int64_t epoch) override {
    order_.resize(ends_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const xeras::RandomStream random(seed_ + static_cast<std::uint64_t>(epoch));
    for (std::size_t i = order_.size(); i > 1; --i) {
      std::swap(order_[i - 1], order_[static_cast<std::size_t>(random.uniform(i) * static_cast<double>(i))]);
    }
  }
  xeras::data::Batch get_batch(std::int64_t index) override {
    const auto first = static_cast<std::size_t>(index * batch_size_);
    const std::size_t count = std::min(static_cast<std::size_t>(batch_size_), order_.size() - first);
    std::size_t width = 1;
    for (std::size_t i = 0; i < count; ++i) width = std::max(width, length(order_[first + i]));
    xt::xtensor<std::int32_t, 2> x = xt::zeros<std::int32_t>({count, width});
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t text = order_[first + i];
      std::copy_n(ids_.begin() + static_cast<std::ptrdiff_t>(ends_[text] - length(text)), length(text),
                  x.data() + i * width);
    }
    return {std::move(x),
            targets_of(count, labels_, several_labels_, [&](std::size_t i) { return labels_of(order_[first + i]); })};
  }

 private:
  std::size_t length(std::size_t text) const { return ends_[text] - (text == 0 ? 0 : ends_[text - 1]); }
  std::span<const std::int32_t> labels_of(std::size_t text) const {
    const std::size_t first = text == 0 ? 0 : label_ends_[text - 1];
    return std::span(label_of_).subspan(first, label_ends_[text] - first);
  }

  std::int64_t batch_size_;
  std::size_t labels_;
  bool several_labels_;
  std::uint64_t seed_;
  std::vector<std::int32_t> ids_, label_of_;
  std::vector<std::size_t> ends_, label_ends_, order_;
};

}  // namespace example
