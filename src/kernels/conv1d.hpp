#pragma once

#include <cstddef>
#include <cstdint>

namespace xeras::kernels {

// A convolution along time: T input steps of D features, S output steps of U features, K taps. Tap k of output step s
// reads input step s * stride + k * dilation - before, or zero if the input has no such step. Feature u sees the D /
// groups features of its group, u / (U / groups); groups divides D and U.
//
// The shapes are, per sample, x, dx (T, D) and y, dy (S, U); for all samples, w, dw (K, D / groups, U) and bias (U) or
// null. No copies of x are made: if the taps cover consecutive steps, the windows are rows of a matrix that overlap in
// memory.
struct Conv1DSizes {
  std::size_t T, D, S, U, K;
  std::size_t stride = 1;
  std::size_t dilation = 1;
  std::size_t before = 0;
  std::size_t groups = 1;
};

// For the faster path, conv1d_pack brings w into the order in which products read it, once for all samples, in
// conv1d_room floats. A null `packed` selects the path tap by tap. The filters form panels of conv1d_panel.
constexpr std::size_t conv1d_panel = 64;
std::size_t conv1d_room(std::size_t K, std::size_t D, std::size_t U);
void conv1d_pack(const Conv1DSizes& sizes, const float* w, float* packed);
void conv1d_pack_transposed(const Conv1DSizes& sizes, const float* w, float* packed);

// A part of the output of one sample. With groups it has all filters; otherwise its first filter begins a panel.
struct Conv1DPart {
  std::size_t first_step, steps;
  std::size_t first_filter, filters;
};

// Computes y (steps, filters): y(s, u) = bias(u) + sum over k, d of x(input step of tap k at s, d) w(k, d, u). `packed`
// comes from conv1d_pack.
void conv1d(const Conv1DSizes& sizes, const Conv1DPart& part, const float* x, const float* w, const float* packed,
            const float* bias, float* y);
// Sets dx to the input's gradient for dy, for one sample. `packed` comes from conv1d_pack_transposed.
void conv1d_input_grad(const Conv1DSizes& sizes, const float* dy, const float* w, const float* packed, float* dx);
// Adds the kernel's gradient for x (B, T, D) and dy (B, S, U) to dw, in several threads if it is worth it. `room` has
// conv1d_kernel_grad_room floats; null when that is 0.
std::size_t conv1d_kernel_grad_room(const Conv1DSizes& sizes, std::size_t B);
void conv1d_kernel_grad(const Conv1DSizes& sizes, std::size_t B, const float* x, const float* dy, float* dw,
                        float* room);

}  // namespace xeras::kernels
