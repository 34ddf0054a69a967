#pragma once

#include <cstddef>

namespace xeras::kernels {

// Windows along time: T steps of D features in, S steps of D features out. Output step s looks at the input steps
// s * stride - before, ..., s * stride - before + size - 1, as far as there are such; there is always one.
struct Pool1DSizes {
  std::size_t T, D, S, size;
  std::size_t stride = 1;
  std::size_t before = 0;
};

// Each works on one sample: x, dx (T, D), y, dy (S, D).

// y(s, d) = the largest x(t, d) of s's window, NaN where there is one.
void max_pool1d(const Pool1DSizes& sizes, const float* x, float* y);
// dx = dy for the first step of each window that is as large as y, the maximum (or NaN where that is), else 0.
void max_pool1d_grad(const Pool1DSizes& sizes, const float* x, const float* y, const float* dy, float* dx);
// y(s, d) = the mean of x(t, d) over s's window.
void average_pool1d(const Pool1DSizes& sizes, const float* x, float* y);
void average_pool1d_grad(const Pool1DSizes& sizes, const float* dy, float* dx);

}  // namespace xeras::kernels
