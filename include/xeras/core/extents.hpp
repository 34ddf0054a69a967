#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "xeras/core/export.hpp"

namespace xeras {

/// The sizes of the arrays of one call: a Shape without None and without heap memory, so that a warm call allocates
/// nothing.
class XERAS_API Extents {
 public:
  static constexpr std::size_t max_rank = 8;

  Extents() = default;
  Extents(std::initializer_list<std::int64_t> dims);

  std::size_t rank() const { return rank_; }
  std::int64_t operator[](std::size_t axis) const { return dims_[axis]; }
  std::int64_t& operator[](std::size_t axis) { return dims_[axis]; }
  std::int64_t last() const { return dims_[rank_ - 1]; }
  /// All max_rank sizes; those beyond the rank are 0.
  const std::int64_t* data() const { return dims_.data(); }
  void push_back(std::int64_t size) {
    if (rank_ == max_rank) throw_full();
    dims_[rank_++] = size;
  }
  std::int64_t size() const;
  /// Returns the product of all axes but the last: the number of rows of a matrix over the last axis.
  std::int64_t row_count() const;
  std::string to_string() const;

  friend bool operator==(const Extents& a, const Extents& b) {
    return std::equal(a.dims_.begin(), a.dims_.begin() + a.rank_, b.dims_.begin(), b.dims_.begin() + b.rank_);
  }

 private:
  [[noreturn]] void throw_full() const;

  std::array<std::int64_t, max_rank> dims_{};
  std::size_t rank_ = 0;
};

}  // namespace xeras
