#include "kernels/depthwise1d.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "kernels/conv1d_taps.hpp"
#include "kernels/long_sums.hpp"
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

namespace {

// The most sums of a task, which are those of some taps and adjacent columns of the D M columns.
constexpr std::size_t most_sums = 2048;

struct Columns {
  std::size_t begin, end;
};

// Adds to sums (taps, columns) the contributions of some steps of a sample x (T, D), dy (S, D, M) to the taps k, k + 1,
// ...
void add_taps(const Conv1DSizes& n, const float* x, const float* dy, std::size_t from, std::size_t to, std::size_t k,
              std::size_t taps, Columns columns, float* sums) {
  const std::size_t M = n.U / n.D, ldx = n.stride * n.D, width = columns.end - columns.begin;
  for (std::size_t i = 0; i < taps; ++i, sums += width) {
    const Reach reach = reach_of(n, k + i, from, to);
    const float* xk = x + reach.first * n.D;
    const float* dyk = dy + reach.begin * n.U;
    if (M == 1) {
      simd().add_products(xk + columns.begin, ldx, dyk + columns.begin, n.U, sums, reach.count, width);
      continue;
    }
    for (std::size_t s = 0; s < reach.count; ++s, xk += ldx, dyk += n.U) {
      for (std::size_t c = columns.begin, d = c / M; c < columns.end; ++d) {
        for (const std::size_t end = std::min((d + 1) * M, columns.end); c < end; ++c) {
          sums[c - columns.begin] += xk[d] * dyk[c];
        }
      }
    }
  }
}

// Computes the taps k, k + 1, ... and some columns of dw.
void kernel_grad_part(const Conv1DSizes& n, std::size_t B, const float* x, const float* dy, float* dw, std::size_t k,
                      std::size_t taps, Columns columns) {
  const std::size_t width = columns.end - columns.begin;
  float sums[most_sums];
  alignas(64) float room[LongSums::room(most_sums)];
  for (std::size_t i = 0; i < taps; ++i) std::copy_n(dw + (k + i) * n.U + columns.begin, width, sums + i * width);
  LongSums all(sums, taps * width, room);
  for (std::size_t b = 0; b < B; ++b) {
    for (std::size_t s = 0; s < n.S; s += terms_in_float) {
      const std::size_t steps = std::min(terms_in_float, n.S - s);
      add_taps(n, x + b * n.T * n.D, dy + b * n.S * n.U, s, s + steps, k, taps, columns, all.next(steps));
    }
  }
  all.finish();
  for (std::size_t i = 0; i < taps; ++i) std::copy_n(sums + i * width, width, dw + (k + i) * n.U + columns.begin);
}

}  // namespace

// x (B, T, D), dy (B, S, D, M), dw (K, D, M).
void depthwise_kernel_grad(const Conv1DSizes& n, std::size_t B, const float* x, const float* dy, float* dw) {
  constexpr std::size_t width = 32;  // the least columns per part: narrower parts make memory accesses slow
  const std::size_t parts = (n.U + width - 1) / width;
  const std::size_t taps = std::min(n.K, most_sums / width), columns = most_sums / taps;
  parallel_for(parts, B * n.S * n.K * width, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = 0; k < n.K; k += taps) {
      for (std::size_t c = begin * width, last = std::min(end * width, n.U); c < last; c += columns) {
        kernel_grad_part(n, B, x, dy, dw, k, std::min(taps, n.K - k), {c, std::min(c + columns, last)});
      }
    }
  });
}

}  // namespace xeras::kernels
