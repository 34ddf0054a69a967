#pragma once

#include <cstddef>

namespace xeras::kernels {

// A convolution along time: T steps of D features in, S steps of U features out, K taps. Tap k of output step s meets
// input step s * stride + k * dilation - before, or a zero where the input has no such step. Feature u sees the
// D / groups features of its group, u / (U / groups); groups divides D and U.
struct Conv1DSizes {
  std::size_t T, D, S, U, K;
  std::size_t stride = 1;
  std::size_t dilation = 1;
  std::size_t before = 0;
  std::size_t groups = 1;
};

// Each works on one sample: x, dx (T, D), w, dw (K, D / groups, U), bias (U) or null, y, dy (S, U). No copies of x are
// made: one matrix product a tap and group, or plain loops where every feature is its own group.

// y(s, u) = bias(u) + sum over k, d of x(what tap k of s meets, d) w(k, d, u).
void conv1d(const Conv1DSizes& sizes, const float* x, const float* w, const float* bias, float* y);
// dx = what dy gives by way of w.
void conv1d_input_grad(const Conv1DSizes& sizes, const float* dy, const float* w, float* dx);
// dw += what dy gives by way of x.
void conv1d_kernel_grad(const Conv1DSizes& sizes, const float* x, const float* dy, float* dw);

}  // namespace xeras::kernels
