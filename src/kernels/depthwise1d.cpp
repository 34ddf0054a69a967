#include "kernels/depthwise1d.hpp"

#include "core/parallel.hpp"
#include "kernels/conv1d_taps.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {

// x (steps, D), w (D, M), y (steps, D, M).
void depthwise_tap(std::size_t steps, std::size_t D, std::size_t M, const float* x, std::size_t ldx, const float* w,
                   float* y) {
  if (M == 1) return simd().multiply_rows(x, ldx, w, y, D, steps, D);
  for (std::size_t s = 0; s < steps; ++s, x += ldx, y += D * M) {
    for (std::size_t m = 0; m < M; ++m) {
      for (std::size_t d = 0; d < D; ++d) y[d * M + m] += x[d] * w[d * M + m];
    }
  }
}

// dy (steps, D, M), w (D, M), dx (steps, D).
void depthwise_tap_input_grad(std::size_t steps, std::size_t D, std::size_t M, const float* dy, const float* w,
                              float* dx, std::size_t ldx) {
  if (M == 1) return simd().multiply_rows(dy, D, w, dx, ldx, steps, D);
  for (std::size_t s = 0; s < steps; ++s, dx += ldx, dy += D * M) {
    for (std::size_t m = 0; m < M; ++m) {
      for (std::size_t d = 0; d < D; ++d) dx[d] += dy[d * M + m] * w[d * M + m];
    }
  }
}

// x (B, T, D), dy (B, S, D, M), dw (K, D, M).
void depthwise_kernel_grad(const Conv1DSizes& n, std::size_t B, const float* x, const float* dy, float* dw) {
  const std::size_t M = n.U / n.D, ldx = n.stride * n.D;
  constexpr std::size_t width = 32;  // features of a part, at least: fewer at once make memory slow
  const std::size_t parts = (n.D + width - 1) / width;
  parallel_for(parts, B * n.S * n.K * width * M, [&](std::size_t begin, std::size_t end) {
    const std::size_t d0 = begin * width, d1 = std::min(end * width, n.D);
    for (std::size_t b = 0; b < B; ++b) {
      for (std::size_t k = 0; k < n.K; ++k) {
        const Reach reach = reach_of(n, k, 0, n.S);
        const float* xk = x + (b * n.T + reach.first) * n.D;
        const float* dyk = dy + (b * n.S + reach.begin) * n.U;
        float* dwk = dw + k * n.U;
        if (M == 1) {
          simd().add_products(xk + d0, ldx, dyk + d0, n.U, dwk + d0, reach.count, d1 - d0);
          continue;
        }
        for (std::size_t s = 0; s < reach.count; ++s, xk += ldx, dyk += n.U) {
          for (std::size_t m = 0; m < M; ++m) {
            for (std::size_t d = d0; d < d1; ++d) dwk[d * M + m] += xk[d] * dyk[d * M + m];
          }
        }
      }
    }
  });
}

}  // namespace xeras::kernels
