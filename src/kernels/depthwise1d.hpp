#pragma once

#include "kernels/conv1d.hpp"

// Convolutions in which every feature is a group of its own and produces M = U / D features.
namespace xeras::kernels {

inline bool is_depthwise(const Conv1DSizes& n) { return n.groups == n.D && n.D > 1; }

// Applies one tap over some steps: y(s, d, m) += x(s, d) w(d, m). The shapes are x, dx (steps, D), with rows ldx apart,
// w (D, M) and y, dy (steps, D, M).
void depthwise_tap(std::size_t steps, std::size_t D, std::size_t M, const float* x, std::size_t ldx, const float* w,
                   float* y);
// Adds the gradient of x: dx(s, d) += sum over m of dy(s, d, m) w(d, m).
void depthwise_tap_input_grad(std::size_t steps, std::size_t D, std::size_t M, const float* dy, const float* w,
                              float* dx, std::size_t ldx);

// Adds the kernel's gradient for x (B, T, D) and dy (B, S, D, M) to dw (K, D, M).
void depthwise_kernel_grad(const Conv1DSizes& sizes, std::size_t B, const float* x, const float* dy, float* dw);

}  // namespace xeras::kernels
