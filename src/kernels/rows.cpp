#include "kernels/rows.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// Adds the rows of x to `sum`. add(r, count, c, sum, width) adds the few rows [r, r + count) in the columns [c, c +
// width).
template <class Add>
void add_many_rows(float* sum, std::size_t rows, std::size_t cols, Add add) {
  if (rows <= terms_in_float) return add(std::size_t{0}, rows, std::size_t{0}, sum, cols);
  constexpr std::size_t most = 512;  // columns at a time
  alignas(64) float room[LongSums::room(most)];
  for (std::size_t c = 0; c < cols; c += most) {
    const std::size_t width = std::min(most, cols - c);
    LongSums sums(sum + c, width, room);
    for (std::size_t r = 0; r < rows; r += terms_in_float) {
      const std::size_t count = std::min(terms_in_float, rows - r);
      add(r, count, c, sums.next(count), width);
    }
    sums.finish();
  }
}

}  // namespace

void add_rows_apart(const float* x, std::size_t ldx, float* sum, std::size_t rows, std::size_t cols) {
  add_many_rows(sum, rows, cols, [=](std::size_t r, std::size_t count, std::size_t c, float* to, std::size_t width) {
    simd().add_rows(x + r * ldx + c, ldx, to, count, width);
  });
}

void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols) {
  constexpr std::size_t width = 128;  // the least columns per part: narrower parts make memory accesses slow
  parallel_for((cols + width - 1) / width, rows * width, [&](std::size_t begin, std::size_t end) {
    const std::size_t c = begin * width;
    add_rows_apart(x + c, cols, sum + c, rows, std::min(end * width, cols) - c);
  });
}

float masked_mean(const float* x, const std::uint8_t* mask, float* y, std::size_t rows, std::size_t cols) {
  const std::size_t unmasked =
      mask == nullptr ? rows : rows - static_cast<std::size_t>(std::count(mask, mask + rows, std::uint8_t{0}));
  const float scale = unmasked == 0 ? 0.0f : 1.0f / static_cast<float>(unmasked);
  std::fill_n(y, cols, 0.0f);
  if (unmasked == 0) return scale;
  add_many_rows(y, rows, cols, [=](std::size_t r, std::size_t count, std::size_t c, float* to, std::size_t width) {
    simd().add_masked_rows(x + r * cols + c, cols, mask == nullptr ? nullptr : mask + r, to, count, width);
  });
  simd().scale(scale, y, cols);
  return scale;
}

float mean_of_rows(const float* x, const std::int32_t* from, const std::int32_t* to, std::int32_t skipped, float* y,
                   std::size_t cols) {
  const auto count = static_cast<std::size_t>(to - from - std::count(from, to, skipped));
  const float scale = count == 0 ? 0.0f : 1.0f / static_cast<float>(count);
  std::fill_n(y, cols, 0.0f);
  if (count == 0) return scale;
  const bool skips = count != static_cast<std::size_t>(to - from);
  for (std::size_t c = 0; c < cols; c += SumOfRows::most) {
    SumOfRows rows(x + c, cols, y + c, std::min(SumOfRows::most, cols - c));
    if (!skips) rows.add(from, to);
    for (const std::int32_t* place = from; skips && place != to; ++place) {
      if (*place != skipped) rows.add(*place);
    }
    rows.finish();
  }
  simd().scale(scale, y, cols);
  return scale;
}

void SumOfRows::add(const std::int32_t* from, const std::int32_t* to) {
  for (std::size_t count = 0; from != to; from += count) {
    count = std::min<std::size_t>(terms_in_float, static_cast<std::size_t>(to - from));
    simd().gather_add(x_, ldx_, from, sums_.next(count), count, cols_);
  }
}

void SumOfRows::add_places() {
  if (count_ == 0) return;
  simd().gather_add(x_, ldx_, places_.data(), sums_.next(count_), count_, cols_);
  count_ = 0;
}

void gather_rows(const float* x, const std::int32_t* places, float* y, std::size_t n, std::size_t cols) {
  parallel_for(n, cols, [&](std::size_t begin, std::size_t end) {
    simd().gather(x, places + begin, y + begin * cols, end - begin, cols);
  });
}

void scatter_rows(const float* y, const std::int32_t* places, float* x, std::size_t n, std::size_t cols) {
  parallel_for(n, cols, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::copy_n(y + i * cols, cols, x + static_cast<std::size_t>(places[i]) * cols);
    }
  });
}

}  // namespace xeras::kernels
