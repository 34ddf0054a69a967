#include "kernels/pool1d.hpp"

#include <algorithm>

#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// visit(s, begin, end) for each window, cut to the steps that there are.
template <class Visit>
void each_window(const Pool1DSizes& n, Visit visit) {
  for (std::size_t s = 0; s < n.S; ++s) {
    const std::size_t start = s * n.stride;  // of the window, `before` steps to the right
    visit(s, start > n.before ? start - n.before : 0, std::min(n.T, start + n.size - n.before));
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
    std::copy_n(x + begin * n.D, n.D, to);
    for (std::size_t t = begin + 1; t < end; ++t) simd().axpy(1.0f, x + t * n.D, to, n.D);
    simd().scale(1.0f / static_cast<float>(end - begin), to, n.D);
  });
}

// dy (S, D), dx (T, D).
void average_pool1d_grad(const Pool1DSizes& n, const float* dy, float* dx) {
  std::fill_n(dx, n.T * n.D, 0.0f);
  each_window(n, [&](std::size_t s, std::size_t begin, std::size_t end) {
    const float share = 1.0f / static_cast<float>(end - begin);
    for (std::size_t t = begin; t < end; ++t) simd().axpy(share, dy + s * n.D, dx + t * n.D, n.D);
  });
}

}  // namespace xeras::kernels
