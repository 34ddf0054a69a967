#pragma once

#include "kernels/conv1d.hpp"

// The gradients of a convolution of whose output only one step for each sample and filter counts, as behind a maximum
// over time: winner (B, U) is that step, dy (B, U) its gradient. groups is 1.
namespace xeras::kernels {

// dw (K, D, U) += what dy gives by way of x (B, T, D), in several threads where that pays.
void conv1d_max_kernel_grad(const Conv1DSizes& sizes, std::size_t B, const float* x, const std::int32_t* winner,
                            const float* dy, float* dw);
// dx (B, T, D) = what dy gives by way of w; room has K D U floats.
void conv1d_max_input_grad(const Conv1DSizes& sizes, std::size_t B, const float* w, const std::int32_t* winner,
                           const float* dy, float* room, float* dx);

}  // namespace xeras::kernels
