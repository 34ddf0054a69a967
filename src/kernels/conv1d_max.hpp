#pragma once

#include "kernels/conv1d.hpp"

// The gradients of a convolution followed by a maximum over time, so that one output step counts per sample and filter:
// winner (B, U) is that step and dy (B, U) its gradient. groups is 1.
namespace xeras::kernels {

// Adds the kernel's gradient for x (B, T, D) and dy to dw (K, D, U), in several threads if it is worth it.
void conv1d_max_kernel_grad(const Conv1DSizes& sizes, std::size_t B, const float* x, const std::int32_t* winner,
                            const float* dy, float* dw);
// Sets dx (B, T, D) to the input's gradient for w and dy; room has K D U floats.
void conv1d_max_input_grad(const Conv1DSizes& sizes, std::size_t B, const float* w, const std::int32_t* winner,
                           const float* dy, float* room, float* dx);

}  // namespace xeras::kernels
