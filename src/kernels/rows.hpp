#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/long_sums.hpp"

// Kernels over the rows of a matrix.
namespace xeras::kernels {

// sum(c) += x(0, c) + ... + x(rows - 1, c), for any number of rows, in several threads if it is worth it. x (rows,
// cols), sum (cols).
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols);
// Computes the same in the calling thread; the rows of x are ldx floats apart.
void add_rows_apart(const float* x, std::size_t ldx, float* sum, std::size_t rows, std::size_t cols);
// y(c) = the mean of the x(r, c) with mask(r) != 0, or 0 if there is none. Returns 1 / (the number of these rows), or
// 0. x (rows, cols), mask (rows) or null, y (cols).
float masked_mean(const float* x, const std::uint8_t* mask, float* y, std::size_t rows, std::size_t cols);

// y(c) = the mean of the x(place, c) for the places in [from, to) other than `skipped`, or 0 if there is none. Returns
// what masked_mean returns. x (any, cols), y (cols).
float mean_of_rows(const float* x, const std::int32_t* from, const std::int32_t* to, std::int32_t skipped, float* y,
                   std::size_t cols);

// sum(c) += x(place, c) for any number of places, in their order. The rows of x are ldx floats apart. x (any, cols),
// sum (cols), cols <= most.
class SumOfRows {
 public:
  static constexpr std::size_t most = 512;

  SumOfRows(const float* x, std::size_t ldx, float* sum, std::size_t cols)
      : x_(x), ldx_(ldx), cols_(cols), sums_(sum, cols, room_) {}
  SumOfRows(const SumOfRows&) = delete;
  SumOfRows& operator=(const SumOfRows&) = delete;

  void add(std::int32_t place) {
    places_[count_++] = place;
    if (count_ == places_.size()) add_places();
  }
  // Adds many places at once. Not to be mixed with the other form.
  void add(const std::int32_t* from, const std::int32_t* to);
  // Call once, after the last add.
  void finish() {
    add_places();
    sums_.finish();
  }

 private:
  void add_places();

  const float* const x_;
  const std::size_t ldx_, cols_;
  LongSums sums_;
  std::size_t count_ = 0;
  std::array<std::int32_t, terms_in_float> places_;  // not added yet
  alignas(64) float room_[LongSums::room(most)];
};

// y(i, :) = x(places(i), :) for i < n, as simd().gather, in several threads; y (n, cols).
void gather_rows(const float* x, const std::int32_t* places, float* y, std::size_t n, std::size_t cols);
// x(places(i), :) = y(i, :) for i < n. The places must differ.
void scatter_rows(const float* y, const std::int32_t* places, float* x, std::size_t n, std::size_t cols);

}  // namespace xeras::kernels
