#pragma once

#include "kernels/conv1d.hpp"

// Convolutions in which every feature is a group of its own, and makes M = U / D features.
namespace xeras::kernels {

inline bool is_depthwise(const Conv1DSizes& n) { return n.groups == n.D && n.D > 1; }

// One tap over some steps. x, dx (steps, D), with rows that are ldx apart, w (D, M), y, dy (steps, D, M).
// y(s, d, m) += x(s, d) w(d, m).
void depthwise_tap(std::size_t steps, std::size_t D, std::size_t M, const float* x, std::size_t ldx, const float* w,
                   float* y);
// dx(s, d) += sum over m of dy(s, d, m) w(d, m).
void depthwise_tap_input_grad(std::size_t steps, std::size_t D, std::size_t M, const float* dy, const float* w,
                              float* dx, std::size_t ldx);

// dw (K, D, M) += what dy (B, S, D, M) gives by way of x (B, T, D).
void depthwise_kernel_grad(const Conv1DSizes& sizes, std::size_t B, const float* x, const float* dy, float* dw);

}  // namespace xeras::kernels
