#pragma once

#include <cstddef>
#include <cstdint>

namespace xeras::kernels {

// A convolution along time: T steps of D features in, S steps of U features out, K taps. Tap k of output step s meets
// input step s * stride + k * dilation - before, or a zero where the input has no such step. Feature u sees the
// D / groups features of its group, u / (U / groups); groups divides D and U.
//
// Of one sample x, dx are (T, D) and y, dy (S, U); of all, w, dw (K, D / groups, U) and bias (U) or null. No copies of
// x are made: where the taps meet steps in a row, the windows are rows of a matrix, which overlap in memory.
struct Conv1DSizes {
  std::size_t T, D, S, U, K;
  std::size_t stride = 1;
  std::size_t dilation = 1;
  std::size_t before = 0;
  std::size_t groups = 1;
};

// For the faster way, w in the order in which products read it, in conv1d_room floats: once for all samples. A null
// `packed` means tap by tap. The filters come in panels, so many of them together.
constexpr std::size_t conv1d_panel = 64;
std::size_t conv1d_room(std::size_t K, std::size_t D, std::size_t U);
void conv1d_pack(const Conv1DSizes& sizes, const float* w, float* packed);
void conv1d_pack_transposed(const Conv1DSizes& sizes, const float* w, float* packed);

// A part of the output of one sample. Where there are groups it has all filters; else the first is that of a panel.
struct Conv1DPart {
  std::size_t first_step, steps;
  std::size_t first_filter, filters;
};

// y (steps, filters): y(s, u) = bias(u) + sum over k, d of x(what tap k of s meets, d) w(k, d, u); by conv1d_pack.
void conv1d(const Conv1DSizes& sizes, const Conv1DPart& part, const float* x, const float* w, const float* packed,
            const float* bias, float* y);
// dx = what dy gives by way of w, for one sample; by conv1d_pack_transposed.
void conv1d_input_grad(const Conv1DSizes& sizes, const float* dy, const float* w, const float* packed, float* dx);
// dw += what dy (B, S, U) gives by way of x (B, T, D), in several threads where that pays; room of
// conv1d_kernel_grad_room floats, null where these are 0.
std::size_t conv1d_kernel_grad_room(const Conv1DSizes& sizes, std::size_t B);
void conv1d_kernel_grad(const Conv1DSizes& sizes, std::size_t B, const float* x, const float* dy, float* dw,
                        float* room);

}  // namespace xeras::kernels
