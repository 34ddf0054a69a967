#include "losses/crossentropy.hpp"

#include <cmath>

#include "losses/elements.hpp"

namespace xeras::losses {
namespace {

using kernels::simd;
using Block = std::array<float, block_size>;

// Returns the sum over c of exp(x(c) - shift), and writes its terms to `terms` unless that is null.
double sum_exp(const float* x, float shift, std::size_t C, float* terms) {
  Block block;
  double sum = 0.0;
  for (std::size_t first = 0; first < C; first += block_size) {
    const std::size_t n = std::min(block_size, C - first);
    float* to = terms != nullptr ? terms + first : block.data();
    for (std::size_t i = 0; i < n; ++i) to[i] = x[first + i] - shift;
    simd().exp(to, to, n);
    sum += simd().sum(to, n);
  }
  return sum;
}

// sum y and -sum y log q for smoothed targets y.
struct Smoothed {
  double sum = 0.0;
  double loss = 0.0;
};

// minus_log(c, n, to) writes n values of -log q from c on.
template <class F>
Smoothed smoothed_loss(const float* y, std::size_t C, double smoothing, F minus_log) {
  Block block;
  Smoothed plain, uniform;
  for (std::size_t first = 0; first < C; first += block_size) {
    const std::size_t n = std::min(block_size, C - first);
    minus_log(first, n, block.data());
    plain.sum += simd().sum(y + first, n);
    plain.loss += simd().dot(y + first, block.data(), n);
    if (smoothing > 0.0) uniform.loss += simd().sum(block.data(), n);
  }
  return {(1.0 - smoothing) * plain.sum + smoothing,
          (1.0 - smoothing) * plain.loss + smoothing / static_cast<double>(C) * uniform.loss};
}

// dp -= the smoothed target.
void subtract_target(const float* y, std::size_t C, double smoothing, float* dp) {
  simd().axpy(static_cast<float>(smoothing - 1.0), y, dp, C);
  if (smoothing == 0.0) return;
  const auto share = static_cast<float>(smoothing / static_cast<double>(C));
  for (std::size_t c = 0; c < C; ++c) dp[c] -= share;
}

}  // namespace

void binary_crossentropy(const float* y, const float* p, std::size_t n, float smoothing, float* e, float* g) {
  Block q, log_q, log_rest;
  for (std::size_t i = 0; i < n; ++i) q[i] = std::clamp(p[i], lowest, highest);
  simd().log(q.data(), log_q.data(), n);
  for (std::size_t i = 0; i < n; ++i) log_rest[i] = 1.0f - q[i];
  simd().log(log_rest.data(), log_rest.data(), n);
  for (std::size_t i = 0; i < n; ++i) {
    const float target = y[i] * (1.0f - smoothing) + 0.5f * smoothing;
    e[i] = -(target * log_q[i] + (1.0f - target) * log_rest[i]);
    if (g != nullptr) {
      const bool clipped = p[i] < lowest || p[i] > highest;
      g[i] = clipped ? 0.0f : (1.0f - target) / (1.0f - q[i]) - target / q[i];
    }
  }
}

// max(x, 0) - x y + log(1 + exp(-|x|)), which cannot overflow.
void binary_crossentropy_of_logits(const float* y, const float* x, std::size_t n, float smoothing, float* e, float* g) {
  Block small, above, log_above;
  for (std::size_t i = 0; i < n; ++i) small[i] = -std::abs(x[i]);
  simd().exp(small.data(), small.data(), n);
  for (std::size_t i = 0; i < n; ++i) above[i] = 1.0f + small[i];
  simd().log(above.data(), log_above.data(), n);
  if (g != nullptr) simd().sigmoid(x, g, n);
  for (std::size_t i = 0; i < n; ++i) {
    const float target = y[i] * (1.0f - smoothing) + 0.5f * smoothing;
    // log(1 + small), corrected for the rounding of 1 + small.
    const float log1p = above[i] == 1.0f ? small[i] : log_above[i] * (small[i] / (above[i] - 1.0f));
    e[i] = std::max(x[i], 0.0f) - x[i] * target + log1p;
    if (g != nullptr) g[i] -= target;
  }
}

float categorical_crossentropy_of_logits(const float* y, const float* x, std::size_t C, double smoothing, float* dp) {
  const float largest = *std::max_element(x, x + C);
  const double sum = sum_exp(x, largest, C, dp);
  const Smoothed result = smoothed_loss(y, C, smoothing, [&](std::size_t first, std::size_t n, float* to) {
    for (std::size_t i = 0; i < n; ++i) to[i] = largest - x[first + i];
  });
  if (dp != nullptr) {
    simd().scale(static_cast<float>(result.sum / sum), dp, C);
    subtract_target(y, C, smoothing, dp);
  }
  return static_cast<float>(result.loss + result.sum * std::log(sum));
}

float categorical_crossentropy(const float* y, const float* p, std::size_t C, double smoothing, float* dp) {
  const float sum = simd().sum(p, C);
  const Smoothed result = smoothed_loss(y, C, smoothing, [&](std::size_t first, std::size_t n, float* to) {
    for (std::size_t i = 0; i < n; ++i) to[i] = std::clamp(p[first + i] / sum, lowest, highest);
    simd().log(to, to, n);
    for (std::size_t i = 0; i < n; ++i) to[i] = -to[i];
  });
  if (dp != nullptr) {
    // With q = p / sum, over the q that are not clipped: dp(c) = (sum of their y - y(c) / q(c)) / sum.
    const auto share = static_cast<float>(smoothing / static_cast<double>(C));
    double unclipped = 0.0;
    for (std::size_t c = 0; c < C; ++c) {
      const float q = p[c] / sum;
      const bool clipped = q < lowest || q > highest;
      const float target = y[c] * static_cast<float>(1.0 - smoothing) + share;
      unclipped += clipped ? 0.0 : target;
      dp[c] = clipped ? 0.0f : -target / q;
    }
    for (std::size_t c = 0; c < C; ++c) dp[c] = (dp[c] + static_cast<float>(unclipped)) / sum;
  }
  return static_cast<float>(result.loss);
}

float sparse_categorical_crossentropy_of_logits(std::size_t label, const float* x, std::size_t C, float* dp) {
  const float largest = *std::max_element(x, x + C);
  const double sum = sum_exp(x, largest, C, dp);
  if (dp != nullptr) {
    simd().scale(static_cast<float>(1.0 / sum), dp, C);
    dp[label] -= 1.0f;
  }
  return static_cast<float>((static_cast<double>(largest) - x[label]) + std::log(sum));
}

float sparse_categorical_crossentropy(std::size_t label, const float* p, std::size_t C, float* dp) {
  const float sum = simd().sum(p, C);
  const float q = p[label] / sum;
  if (dp != nullptr) {
    const bool clipped = q < lowest || q > highest;
    std::fill(dp, dp + C, clipped ? 0.0f : 1.0f / sum);
    if (!clipped) dp[label] = (1.0f - 1.0f / q) / sum;
  }
  return -std::log(std::clamp(q, lowest, highest));
}

}  // namespace xeras::losses
