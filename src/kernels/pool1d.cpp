#include "kernels/pool1d.hpp"

#include <algorithm>

#include "kernels/long_sums.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// The steps of a window that lie within the input.
struct Steps {
  std::size_t begin, end;
};

Steps window(const Pool1DSizes& n, std::size_t s) {
  const std::size_t start = s * n.stride;  // with an offset of `before` steps
  return {start > n.before ? start - n.before : 0, std::min(n.T, start + n.size - n.before)};
}

// Calls visit(s, begin, end) for each window.
template <class Visit>
void each_window(const Pool1DSizes& n, Visit visit) {
  for (std::size_t s = 0; s < n.S; ++s) {
    const Steps steps = window(n, s);
    visit(s, steps.begin, steps.end);
  }
}

}  // namespace

// x (T, D), y (S, D).
void max_pool1d(const Pool1DSizes& n, const float* x, float* y) {
  each_window(n, [&](std::size_t s, std::size_t begin, std::size_t end) {
    float* to = y + s * n.D;
    std::copy_n(x + begin * n.D, n.D, to);
    for (std::size_t t = begin + 1; t < end; ++t) simd().larger(to, x + t * n.D, to, n.D);
  });
}

// x (T, D), y, dy (S, D), dx (T, D).
void max_pool1d_grad(const Pool1DSizes& n, const float* x, const float* y, const float* dy, float* dx) {
  std::fill_n(dx, n.T * n.D, 0.0f);
  each_window(n, [&](std::size_t s, std::size_t begin, std::size_t end) {
    simd().max_rows_grad(x + begin * n.D, end - begin, n.D, y + s * n.D, dy + s * n.D, dx + begin * n.D);
  });
}

// x (T, D), y (S, D).
void average_pool1d(const Pool1DSizes& n, const float* x, float* y) {
  each_window(n, [&](std::size_t s, std::size_t begin, std::size_t end) {
    float* to = y + s * n.D;
    std::fill_n(to, n.D, 0.0f);
    add_rows_apart(x + begin * n.D, n.D, to, end - begin, n.D);
    simd().scale(1.0f / static_cast<float>(end - begin), to, n.D);
  });
}

// dy (S, D), dx (T, D). The gradient of a step is the sum over the windows that contain it.
void average_pool1d_grad(const Pool1DSizes& n, const float* dy, float* dx) {
  std::fill_n(dx, n.T * n.D, 0.0f);
  constexpr std::size_t most = 512;
  alignas(64) float room[LongSums::room(most)];
  for (std::size_t t = 0; t < n.T; ++t) {
    const std::size_t place = t + n.before;
    const std::size_t first = place < n.size ? 0 : (place - n.size) / n.stride + 1;
    const std::size_t last = std::min(n.S, place / n.stride + 1);
    for (std::size_t d = 0; d < n.D; d += most) {
      const std::size_t width = std::min(most, n.D - d);
      LongSums sums(dx + t * n.D + d, width, room);
      for (std::size_t s = first; s < last; ++s) {
        const auto [begin, end] = window(n, s);
        simd().axpy(1.0f / static_cast<float>(end - begin), dy + s * n.D + d, sums.next(1), width);
      }
      sums.finish();
    }
  }
}

}  // namespace xeras::kernels
