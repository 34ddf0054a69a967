#pragma once

#include <cstddef>

namespace xeras::kernels {

// Windows along time: T input steps and S output steps of D features. Output step s covers the input steps s * stride -
// before, ..., s * stride - before + size - 1 that exist; there is always at least one.
struct Pool1DSizes {
  std::size_t T, D, S, size;
  std::size_t stride = 1;
  std::size_t before = 0;
};

// Each function works on one sample: x, dx (T, D), y, dy (S, D).

// y(s, d) = the largest x(t, d) in the window of s; NaN if the window has one.
void max_pool1d(const Pool1DSizes& sizes, const float* x, float* y);
// dx = dy at the first step of each window that equals y, the maximum (or is NaN if y is NaN); else 0.
void max_pool1d_grad(const Pool1DSizes& sizes, const float* x, const float* y, const float* dy, float* dx);
// y(s, d) = the mean of x(t, d) over the window of s.
void average_pool1d(const Pool1DSizes& sizes, const float* x, float* y);
void average_pool1d_grad(const Pool1DSizes& sizes, const float* dy, float* dx);

}  // namespace xeras::kernels
