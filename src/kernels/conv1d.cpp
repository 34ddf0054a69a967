#include "kernels/conv1d.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"

namespace xeras::kernels {
namespace {

// The output steps begin, ..., begin + count - 1 are those for which a tap meets an input step; the first meets
// `first`.
struct Reach {
  std::size_t begin = 0, count = 0, first = 0;
};

Reach reach_of(const Conv1DSizes& n, std::size_t k) {
  const std::size_t shift = k * n.dilation;
  const std::size_t limit = n.before + n.T;  // what s * stride + shift stays below
  if (shift >= limit) return {};
  const std::size_t begin = shift >= n.before ? 0 : (n.before - shift + n.stride - 1) / n.stride;
  const std::size_t end = std::min(n.S, (limit - shift - 1) / n.stride + 1);
  if (begin >= end) return {};
  return {begin, end - begin, begin * n.stride + shift - n.before};
}

// visit(k, reach) for the taps that meet anything.
template <class Visit>
void each_tap(const Conv1DSizes& n, Visit visit) {
  for (std::size_t k = 0; k < n.K; ++k) {
    const Reach reach = reach_of(n, k);
    if (reach.count > 0) visit(k, reach);
  }
}

bool is_depthwise(const Conv1DSizes& n) { return n.groups == n.D && n.D > 0; }

// visit(x offset, w offset, y offset) for every product of a depthwise tap.
template <class Visit>
void each_product(const Conv1DSizes& n, std::size_t k, const Reach& reach, Visit visit) {
  const std::size_t M = n.U / n.D;
  for (std::size_t i = 0; i < reach.count; ++i) {
    const std::size_t x = (reach.first + i * n.stride) * n.D, y = (reach.begin + i) * n.U;
    for (std::size_t d = 0; d < n.D; ++d) {
      for (std::size_t m = 0; m < M; ++m) visit(x + d, k * n.U + d * M + m, y + d * M + m);
    }
  }
}

}  // namespace

// x (T, D), w (K, D / groups, U), bias (U) or null, y (S, U).
void conv1d(const Conv1DSizes& n, const float* x, const float* w, const float* bias, float* y) {
  for (std::size_t s = 0; s < n.S; ++s) {
    if (bias != nullptr) {
      std::copy_n(bias, n.U, y + s * n.U);
    } else {
      std::fill_n(y + s * n.U, n.U, 0.0f);
    }
  }
  const std::size_t D = n.D / n.groups, U = n.U / n.groups;  // of one group
  each_tap(n, [&](std::size_t k, const Reach& reach) {
    if (is_depthwise(n)) {
      each_product(n, k, reach, [=](std::size_t i, std::size_t j, std::size_t o) { y[o] += x[i] * w[j]; });
      return;
    }
    for (std::size_t g = 0; g < n.groups; ++g) {
      gemm(false, false, reach.count, U, D, x + reach.first * n.D + g * D, n.stride * n.D, w + k * D * n.U + g * U, n.U,
           1.0f, y + reach.begin * n.U + g * U, n.U);
    }
  });
}

// dy (S, U), w (K, D / groups, U), dx (T, D).
void conv1d_input_grad(const Conv1DSizes& n, const float* dy, const float* w, float* dx) {
  std::fill_n(dx, n.T * n.D, 0.0f);
  const std::size_t D = n.D / n.groups, U = n.U / n.groups;
  each_tap(n, [&](std::size_t k, const Reach& reach) {
    if (is_depthwise(n)) {
      each_product(n, k, reach, [=](std::size_t i, std::size_t j, std::size_t o) { dx[i] += dy[o] * w[j]; });
      return;
    }
    for (std::size_t g = 0; g < n.groups; ++g) {
      gemm(false, true, reach.count, D, U, dy + reach.begin * n.U + g * U, n.U, w + k * D * n.U + g * U, n.U, 1.0f,
           dx + reach.first * n.D + g * D, n.stride * n.D);
    }
  });
}

// x (T, D), dy (S, U), dw (K, D / groups, U).
void conv1d_kernel_grad(const Conv1DSizes& n, const float* x, const float* dy, float* dw) {
  const std::size_t D = n.D / n.groups, U = n.U / n.groups;
  each_tap(n, [&](std::size_t k, const Reach& reach) {
    if (is_depthwise(n)) {
      each_product(n, k, reach, [=](std::size_t i, std::size_t j, std::size_t o) { dw[j] += x[i] * dy[o]; });
      return;
    }
    for (std::size_t g = 0; g < n.groups; ++g) {
      gemm(true, false, D, U, reach.count, x + reach.first * n.D + g * D, n.stride * n.D,
           dy + reach.begin * n.U + g * U, n.U, 1.0f, dw + k * D * n.U + g * U, n.U);
    }
  });
}

}  // namespace xeras::kernels
