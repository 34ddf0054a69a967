#include "kernels/reference.hpp"

#include <algorithm>
#include <cmath>

namespace xeras::kernels::reference {

namespace {

template <class F>
void map(const float* x, float* y, std::size_t n, F f) {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<float>(f(static_cast<double>(x[i])));
}

}  // namespace

void exp(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](double v) { return std::exp(v); });
}

void log(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](double v) { return std::log(v); });
}

void tanh(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](double v) { return std::tanh(v); });
}

void sigmoid(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](double v) { return 1.0 / (1.0 + std::exp(-v)); });
}

void relu(const float* x, float* y, std::size_t n) {
  map(x, y, n, [](double v) { return v < 0.0 ? 0.0 : v; });
}

// x, y (rows, cols).
void softmax(const float* x, float* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows && cols > 0; ++r, x += cols, y += cols) {
    const double max = *std::max_element(x, x + cols);
    double total = 0.0;
    for (std::size_t c = 0; c < cols; ++c) total += std::exp(x[c] - max);
    map(x, y, cols, [=](double v) { return std::exp(v - max) / total; });
  }
}

// x, y (rows, cols).
void log_softmax(const float* x, float* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows && cols > 0; ++r, x += cols, y += cols) {
    const double max = *std::max_element(x, x + cols);
    double total = 0.0;
    for (std::size_t c = 0; c < cols; ++c) total += std::exp(x[c] - max);
    map(x, y, cols, [=](double v) { return v - max - std::log(total); });
  }
}

// y (rows, cols), bias (cols).
void add_bias(float* y, const float* bias, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) y[r * cols + c] += bias[c];
  }
}

// x (rows, cols), sum (cols).
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols) {
  for (std::size_t c = 0; c < cols; ++c) {
    double total = sum[c];
    for (std::size_t r = 0; r < rows; ++r) total += x[r * cols + c];
    sum[c] = static_cast<float>(total);
  }
}

void axpy(float a, const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<float>(static_cast<double>(a) * x[i] + y[i]);
}

void scale(float a, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] *= a;
}

void multiply(const float* a, const float* b, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = a[i] * b[i];
}

float dot(const float* x, const float* y, std::size_t n) {
  double total = 0.0;
  for (std::size_t i = 0; i < n; ++i) total += static_cast<double>(x[i]) * y[i];
  return static_cast<float>(total);
}

float sum(const float* x, std::size_t n) {
  double total = 0.0;
  for (std::size_t i = 0; i < n; ++i) total += x[i];
  return static_cast<float>(total);
}

float sum_of_squares(const float* x, std::size_t n) { return dot(x, x, n); }

bool all_finite(const float* x, std::size_t n) {
  return std::all_of(x, x + n, [](float v) { return std::isfinite(v); });
}

// x (B, T, D), mask (B, T) or null, y (B, D), scale_out (B) or null.
void masked_mean(const float* x, const std::uint8_t* mask, float* y, float* scale_out, std::size_t B, std::size_t T,
                 std::size_t D) {
  const auto counts = [=](std::size_t b, std::size_t t) { return mask == nullptr || mask[b * T + t] != 0; };
  for (std::size_t b = 0; b < B; ++b) {
    std::size_t count = 0;
    for (std::size_t t = 0; t < T; ++t) count += counts(b, t);
    if (scale_out != nullptr) scale_out[b] = count == 0 ? 0.0f : 1.0f / static_cast<float>(count);
    for (std::size_t d = 0; d < D; ++d) {
      double total = 0.0;
      for (std::size_t t = 0; t < T; ++t) {
        if (counts(b, t)) total += x[(b * T + t) * D + d];
      }
      y[b * D + d] = count == 0 ? 0.0f : static_cast<float>(total / static_cast<double>(count));
    }
  }
}

// table (V, D), ids (n), y (n, D).
void gather(const float* table, const std::int32_t* ids, float* y, std::size_t n, std::size_t D) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < D; ++d) y[i * D + d] = table[static_cast<std::size_t>(ids[i]) * D + d];
  }
}

void sgd(float* w, const float* g, std::size_t n, float lr) { axpy(-lr, g, w, n); }

void sgd_momentum(float* w, float* v, const float* g, std::size_t n, float lr, float momentum, bool nesterov) {
  for (std::size_t i = 0; i < n; ++i) {
    const double step = static_cast<double>(lr) * g[i];
    const double velocity = static_cast<double>(momentum) * v[i] - step;
    w[i] = static_cast<float>(w[i] + (nesterov ? momentum * velocity - step : velocity));
    v[i] = static_cast<float>(velocity);
  }
}

void rmsprop(float* w, float* v, const float* g, std::size_t n, float lr, float rho, float epsilon) {
  for (std::size_t i = 0; i < n; ++i) {
    const double gradient = g[i];
    const double velocity = static_cast<double>(rho) * v[i] + (1.0 - rho) * gradient * gradient;
    w[i] = static_cast<float>(w[i] - lr * gradient / std::sqrt(velocity + epsilon));
    v[i] = static_cast<float>(velocity);
  }
}

void adam(float* w, float* m, float* v, const float* g, std::size_t n, float alpha, float one_minus_beta_1,
          float one_minus_beta_2, float epsilon) {
  for (std::size_t i = 0; i < n; ++i) {
    const double gradient = g[i];
    const double momentum = m[i] + (gradient - m[i]) * one_minus_beta_1;
    const double velocity = v[i] + (gradient * gradient - v[i]) * one_minus_beta_2;
    w[i] = static_cast<float>(w[i] - alpha * momentum / (std::sqrt(velocity) + epsilon));
    m[i] = static_cast<float>(momentum);
    v[i] = static_cast<float>(velocity);
  }
}

// op(a) (M, K), op(b) (K, N), c (M, N).
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, float alpha, const float* a,
          std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t n = 0; n < N; ++n) {
      double total = 0.0;
      for (std::size_t k = 0; k < K; ++k) {
        total += static_cast<double>(trans_a ? a[k * lda + m] : a[m * lda + k]) *
                 (trans_b ? b[n * ldb + k] : b[k * ldb + n]);
      }
      const double old = beta == 0.0f ? 0.0 : static_cast<double>(beta) * c[m * ldc + n];
      c[m * ldc + n] = static_cast<float>(alpha * total + old);
    }
  }
}

}  // namespace xeras::kernels::reference
