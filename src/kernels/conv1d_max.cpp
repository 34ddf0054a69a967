#include "kernels/conv1d_max.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "kernels/conv1d_taps.hpp"
#include "kernels/long_sums.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// The filters of a task and the features at a time. Their gradients are contiguous and go into the columns of dw at the
// end.
constexpr std::size_t filters = 16, features = 64;

}  // namespace

// x (B, T, D), winner, dy (B, U), dw (K, D, U).
void conv1d_max_kernel_grad(const Conv1DSizes& n, std::size_t B, const float* x, const std::int32_t* winner,
                            const float* dy, float* dw) {
  const auto of_tap = [&](std::size_t k, std::size_t u0, std::size_t U, std::size_t d0, std::size_t D) {
    float sums[filters][features] = {};
    alignas(64) float room[LongSums::room(filters * features)];
    LongSums all(sums[0], filters * features, room);
    for (std::size_t first = 0; first < B; first += terms_in_float) {
      const std::size_t last = std::min(first + terms_in_float, B);
      float* const some = all.next(last - first);
      for (std::size_t u = 0; u < U; ++u) {
        for (std::size_t b = first; b < last; ++b) {
          const std::size_t i = b * n.U + u0 + u, t = met_by(n, static_cast<std::size_t>(winner[i]), k);
          if (t < n.T) simd().axpy(dy[i], x + (b * n.T + t) * n.D + d0, some + u * features, D);
        }
      }
    }
    all.finish();
    for (std::size_t d = 0; d < D; ++d) {
      float* to = dw + (k * n.D + d0 + d) * n.U + u0;
      for (std::size_t u = 0; u < U; ++u) to[u] += sums[u][d];
    }
  };
  const std::size_t parts = (n.U + filters - 1) / filters;
  parallel_for(parts, B * filters * n.K * n.D, [&](std::size_t begin, std::size_t end) {
    for (std::size_t u = begin * filters; u < std::min(end * filters, n.U); u += filters) {
      for (std::size_t k = 0; k < n.K; ++k) {
        for (std::size_t d = 0; d < n.D; d += features) {
          of_tap(k, u, std::min(filters, n.U - u), d, std::min(features, n.D - d));
        }
      }
    }
  });
}

// w (K, D, U), winner, dy (B, U), dx (B, T, D).
void conv1d_max_input_grad(const Conv1DSizes& n, std::size_t B, const float* w, const std::int32_t* winner,
                           const float* dy, float* room, float* dx) {
  const std::size_t KD = n.K * n.D;
  // Stores the window of each filter contiguously: room (U, K D).
  parallel_for(KD, n.U, [&](std::size_t begin, std::size_t end) {
    for (std::size_t u = 0; u < n.U; ++u) {
      for (std::size_t i = begin; i < end; ++i) room[u * KD + i] = w[i * n.U + u];
    }
  });
  parallel_for(B, n.T * n.D + n.U * KD, [&](std::size_t begin, std::size_t end) {
    std::fill(dx + begin * n.T * n.D, dx + end * n.T * n.D, 0.0f);
    for (std::size_t i = begin * n.U; i < end * n.U; ++i) {
      for (std::size_t k = 0; k < n.K; ++k) {
        const std::size_t t = met_by(n, static_cast<std::size_t>(winner[i]), k);
        if (t >= n.T) continue;
        simd().axpy(dy[i], room + (i % n.U) * KD + k * n.D, dx + (i / n.U * n.T + t) * n.D, n.D);
      }
    }
  });
}

}  // namespace xeras::kernels
