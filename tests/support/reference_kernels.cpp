#include "support/reference_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

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

void max_rows(const float* x, std::size_t rows, std::size_t cols, std::int32_t step, float* y, std::int32_t* winner) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      const float v = x[r * cols + c];
      if (winner[c] >= 0 && !(v > y[c]) && !(std::isnan(v) && !std::isnan(y[c]))) continue;
      y[c] = v;
      winner[c] = step + static_cast<std::int32_t>(r);
    }
  }
}

void max_rows_grad(const float* x, std::size_t rows, std::size_t cols, const float* y, const float* dy, float* dx) {
  for (std::size_t c = 0; c < cols; ++c) {
    std::size_t r = 0;
    while (r < rows && x[r * cols + c] != y[c] && !std::isnan(x[r * cols + c])) ++r;
    if (r < rows) dx[r * cols + c] += dy[c];
  }
}

void axpy(float a, const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<float>(static_cast<double>(a) * x[i] + y[i]);
}

void scale(float a, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] *= a;
}

void affine(float a, const float* x, float b, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<float>(static_cast<double>(a) * x[i] + b);
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

// x (rows, cols), mask (rows) or null, sum (cols).
void add_masked_rows(const float* x, std::size_t ldx, const std::uint8_t* mask, float* sum, std::size_t rows,
                     std::size_t cols) {
  for (std::size_t c = 0; c < cols; ++c) {
    double total = sum[c];
    for (std::size_t r = 0; r < rows; ++r) {
      if (mask == nullptr || mask[r] != 0) total += x[r * ldx + c];
    }
    sum[c] = static_cast<float>(total);
  }
}

// table (V, D), ids (n), y (n, D).
void gather(const float* table, const std::int32_t* ids, float* y, std::size_t n, std::size_t D) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < D; ++d) y[i * D + d] = table[static_cast<std::size_t>(ids[i]) * D + d];
  }
}

// table (V, D), ids (n), y (D).
void gather_add(const float* table, std::size_t ldt, const std::int32_t* ids, float* y, std::size_t n, std::size_t D) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < D; ++d) y[d] += table[static_cast<std::size_t>(ids[i]) * ldt + d];
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

void adam_catch_up(float* w, float* m, float* v, std::size_t n, const float* c, std::size_t terms, float m_decay,
                   float v_decay, float epsilon) {
  for (std::size_t i = 0; i < n; ++i) {
    const double d = std::sqrt(static_cast<double>(v[i])) + epsilon;
    double sum = 0.0;
    for (std::size_t k = 0; k < terms; ++k) sum += c[k] * std::pow(epsilon / d, static_cast<double>(k));
    w[i] = static_cast<float>(w[i] - m[i] / d * sum);
    m[i] *= m_decay;
    v[i] *= v_decay;
  }
}

// op(a) (M, K), op(b) (K, N), c (M, N).
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t n = 0; n < N; ++n) {
      double total = 0.0;
      for (std::size_t k = 0; k < K; ++k) {
        total += static_cast<double>(trans_a ? a[k * lda + m] : a[m * lda + k]) *
                 (trans_b ? b[n * ldb + k] : b[k * ldb + n]);
      }
      const double old = beta == 0.0f ? 0.0 : static_cast<double>(beta) * c[m * ldc + n];
      c[m * ldc + n] = static_cast<float>(total + old);
    }
  }
}

namespace {

// Calls visit(x index, w index, y index) for every product of a convolution; x (T, D), w (K, D / groups, U), y (S, U).
template <class Visit>
void each_product(const Conv1DSizes& n, Visit visit) {
  const std::size_t D = n.D / n.groups;
  for (std::size_t s = 0; s < n.S; ++s) {
    for (std::size_t k = 0; k < n.K; ++k) {
      const std::size_t place = s * n.stride + k * n.dilation;
      if (place < n.before || place - n.before >= n.T) continue;
      for (std::size_t u = 0; u < n.U; ++u) {
        const std::size_t group = u / (n.U / n.groups);
        for (std::size_t d = 0; d < D; ++d) {
          visit((place - n.before) * n.D + group * D + d, (k * D + d) * n.U + u, s * n.U + u);
        }
      }
    }
  }
}

// Calls visit(x index, y index) for every element of every window; x (T, D), y (S, D).
template <class Visit>
void each_element(const Pool1DSizes& n, Visit visit) {
  for (std::size_t s = 0; s < n.S; ++s) {
    for (std::size_t i = 0; i < n.size; ++i) {
      const std::size_t place = s * n.stride + i;
      if (place < n.before || place - n.before >= n.T) continue;
      for (std::size_t d = 0; d < n.D; ++d) visit((place - n.before) * n.D + d, s * n.D + d);
    }
  }
}

void round(const std::vector<double>& from, float* to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<float>(from[i]);
}

}  // namespace

void conv1d(const Conv1DSizes& n, const float* x, const float* w, const float* bias, float* y) {
  std::vector<double> sums(n.S * n.U);
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = bias != nullptr ? bias[i % n.U] : 0.0;
  each_product(n, [&](std::size_t i, std::size_t j, std::size_t o) { sums[o] += static_cast<double>(x[i]) * w[j]; });
  round(sums, y);
}

void conv1d_input_grad(const Conv1DSizes& n, const float* dy, const float* w, float* dx) {
  std::vector<double> sums(n.T * n.D);
  each_product(n, [&](std::size_t i, std::size_t j, std::size_t o) { sums[i] += static_cast<double>(dy[o]) * w[j]; });
  round(sums, dx);
}

void conv1d_kernel_grad(const Conv1DSizes& n, const float* x, const float* dy, float* dw) {
  std::vector<double> sums(dw, dw + n.K * (n.D / n.groups) * n.U);
  each_product(n, [&](std::size_t i, std::size_t j, std::size_t o) { sums[j] += static_cast<double>(x[i]) * dy[o]; });
  round(sums, dw);
}

void max_pool1d(const Pool1DSizes& n, const float* x, float* y) {
  std::fill_n(y, n.S * n.D, -INFINITY);
  each_element(n, [&](std::size_t i, std::size_t o) {
    if (!std::isnan(y[o])) y[o] = std::isnan(x[i]) ? x[i] : std::max(x[i], y[o]);
  });
}

void max_pool1d_grad(const Pool1DSizes& n, const float* x, const float* y, const float* dy, float* dx) {
  std::fill_n(dx, n.T * n.D, 0.0f);
  std::vector<bool> done(n.S * n.D);
  each_element(n, [&](std::size_t i, std::size_t o) {
    if (done[o] || !(x[i] == y[o] || std::isnan(x[i]))) return;
    done[o] = true;
    dx[i] += dy[o];
  });
}

void average_pool1d(const Pool1DSizes& n, const float* x, float* y) {
  std::vector<double> sums(n.S * n.D), counts(n.S * n.D);
  each_element(n, [&](std::size_t i, std::size_t o) {
    sums[o] += x[i];
    counts[o] += 1.0;
  });
  for (std::size_t o = 0; o < sums.size(); ++o) sums[o] /= counts[o];
  round(sums, y);
}

void average_pool1d_grad(const Pool1DSizes& n, const float* dy, float* dx) {
  std::vector<double> counts(n.S * n.D), sums(n.T * n.D);
  each_element(n, [&](std::size_t, std::size_t o) { counts[o] += 1.0; });
  each_element(n, [&](std::size_t i, std::size_t o) { sums[i] += dy[o] / counts[o]; });
  round(sums, dx);
}

}  // namespace xeras::kernels::reference
