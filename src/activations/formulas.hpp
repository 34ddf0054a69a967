#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "activations/vector.hpp"
#include "kernels/simd.hpp"
#include "xeras/activations.hpp"

// The formulas of the elementwise activations, each defined once, for a vector of four numbers:
//
//   value(x) or value(x, t)                the function
//   slope(x) or slope(x, t) or slope(y)    its derivative, the last if from_output is set
//   prepare(x, t, n)                       if both need an exp or tanh: computes t of n numbers with a kernel
//   whole(x, y, n)                         if a kernel computes the whole function
//
// They avoid differences of nearly equal numbers and cancelling infinities, for x of any size.
namespace xeras::activations {

// Calls f(first, count, t) for blocks of n numbers, with room for count floats at t.
template <class F>
void in_blocks(std::size_t n, F f) {
  constexpr std::size_t block = 256;
  float t[block];
  for (std::size_t first = 0; first < n; first += block) f(first, std::min(block, n - first), t);
}

template <class F>
void run_forward(const F& f, const float* x, float* y, std::size_t n) {
  if constexpr (requires { f.whole(x, y, n); }) {
    f.whole(x, y, n);
  } else if constexpr (requires { f.prepare(x, y, n); }) {
    in_blocks(n, [&](std::size_t first, std::size_t count, float* t) {
      f.prepare(x + first, t, count);
      by_vectors(y + first, count, [&](std::size_t i, std::size_t some) {
        return f.value(load(x + first + i, some), load(t + i, some));
      });
    });
  } else {
    by_vectors(y, n, [&](std::size_t i, std::size_t some) { return f.value(load(x + i, some)); });
  }
}

template <class F>
void run_backward(const F& f, const float* x, const float* y, const float* dy, float* dx, std::size_t n) {
  if constexpr (F::from_output) {
    by_vectors(dx, n, [&](std::size_t i, std::size_t some) { return load(dy + i, some) * f.slope(load(y + i, some)); });
  } else if constexpr (requires { f.prepare(x, dx, n); }) {
    in_blocks(n, [&](std::size_t first, std::size_t count, float* t) {
      f.prepare(x + first, t, count);
      by_vectors(dx + first, count, [&](std::size_t i, std::size_t some) {
        return load(dy + first + i, some) * f.slope(load(x + first + i, some), load(t + i, some));
      });
    });
  } else {
    by_vectors(dx, n, [&](std::size_t i, std::size_t some) { return load(dy + i, some) * f.slope(load(x + i, some)); });
  }
}

template <class Self>
struct Formula;

struct FromOutput {
  explicit FromOutput(const NoOptions& = {}) {}
  static constexpr bool from_output = true;
};
struct FromInput {
  explicit FromInput(const NoOptions& = {}) {}
  static constexpr bool from_output = false;
};

// t = exp(-|x|), in (0, 1].
inline void prepare_decay(const float* x, float* t, std::size_t n) {
  by_vectors(t, n, [&](std::size_t i, std::size_t some) { return -abs(load(x + i, some)); });
  kernels::simd().exp(t, t, n);
}

// Returns log(1 + t) for t in [0, 1] as the series of 2 atanh(t / (2 + t)), which is accurate for small t too.
inline V log1p_of(V t) {
  const V s = t / (2.0f + t);
  const V z = s * s;
  V p = splat(2.0f / 15);
  p = p * z + 2.0f / 13;
  p = p * z + 2.0f / 11;
  p = p * z + 2.0f / 9;
  p = p * z + 2.0f / 7;
  p = p * z + 2.0f / 5;
  p = p * z + 2.0f / 3;
  return p * z * s + 2.0f * s;
}

// sigmoid(x) from t = exp(-|x|).
inline V sigmoid_of(V x, V t) { return where(x < 0.0f, t, 1.0f) / (1.0f + t); }

// ---- Piecewise linear ----

template <>
struct Formula<Relu> : FromOutput {
  explicit Formula(const ReluOptions& options)
      : negative_slope(static_cast<float>(options.negative_slope)),
        max_value(static_cast<float>(options.max_value.value_or(std::numeric_limits<double>::infinity()))),
        threshold(static_cast<float>(options.threshold)),
        plain(options.negative_slope == 0.0 && !options.max_value && options.threshold == 0.0) {}
  V value(V x) const {
    const V negative = negative_slope == 0.0f ? V{} : negative_slope * (x - threshold);
    return where(x <= threshold, negative, at_most(x, max_value));
  }
  V slope(V y) const { return where(y >= max_value, 0.0f, where(y > 0.0f, 1.0f, negative_slope)); }
  void whole(const float* x, float* y, std::size_t n) const {
    if (plain) return kernels::simd().relu(x, y, n);
    by_vectors(y, n, [&](std::size_t i, std::size_t some) { return value(load(x + i, some)); });
  }
  float negative_slope, max_value, threshold;
  bool plain;
};

template <>
struct Formula<Relu6> : FromOutput {
  using FromOutput::FromOutput;
  V value(V x) const { return clip(x, 0.0f, 6.0f); }
  V slope(V y) const { return where((y > 0.0f) & (y < 6.0f), 1.0f, 0.0f); }
};

template <>
struct Formula<LeakyRelu> : FromOutput {
  explicit Formula(const LeakyReluOptions& options) : negative_slope(static_cast<float>(options.negative_slope)) {}
  V value(V x) const { return where(x > 0.0f, x, negative_slope * x); }
  V slope(V y) const { return where(y > 0.0f, 1.0f, negative_slope); }
  float negative_slope;
};

template <>
struct Formula<HardSigmoid> : FromOutput {
  using FromOutput::FromOutput;
  V value(V x) const { return clip(x / 6.0f + 0.5f, 0.0f, 1.0f); }
  V slope(V y) const { return where((y > 0.0f) & (y < 1.0f), 1.0f / 6.0f, 0.0f); }
};

template <>
struct Formula<Keras2HardSigmoid> : FromOutput {
  using FromOutput::FromOutput;
  V value(V x) const { return clip(0.2f * x + 0.5f, 0.0f, 1.0f); }
  V slope(V y) const { return where((y > 0.0f) & (y < 1.0f), 0.2f, 0.0f); }
};

template <>
struct Formula<SparseSigmoid> : FromOutput {
  using FromOutput::FromOutput;
  V value(V x) const { return clip(0.5f * x + 0.5f, 0.0f, 1.0f); }
  V slope(V y) const { return where((y > 0.0f) & (y < 1.0f), 0.5f, 0.0f); }
};

template <>
struct Formula<HardTanh> : FromOutput {
  using FromOutput::FromOutput;
  V value(V x) const { return clip(x, -1.0f, 1.0f); }
  V slope(V y) const { return where((y > -1.0f) & (y < 1.0f), 1.0f, 0.0f); }
};

template <>
struct Formula<SoftShrink> : FromOutput {
  explicit Formula(const SoftShrinkOptions& options) : threshold(static_cast<float>(options.threshold)) {}
  V value(V x) const { return x - clip(x, -threshold, threshold); }
  V slope(V y) const { return where(y == 0.0f, 0.0f, 1.0f); }
  float threshold;
};

template <>
struct Formula<HardShrink> : FromOutput {
  explicit Formula(const HardShrinkOptions& options) : threshold(static_cast<float>(options.threshold)) {}
  V value(V x) const { return where(abs(x) <= threshold, 0.0f, x); }
  V slope(V y) const { return where(y == 0.0f, 0.0f, 1.0f); }
  float threshold;
};

template <>
struct Formula<Threshold> : FromInput {
  explicit Formula(const ThresholdOptions& options)
      : threshold(static_cast<float>(options.threshold)), default_value(static_cast<float>(options.default_value)) {}
  V value(V x) const { return where(x <= threshold, default_value, x); }
  V slope(V x) const { return where(x <= threshold, 0.0f, 1.0f); }
  float threshold, default_value;
};

template <>
struct Formula<HardSilu> : FromInput {
  using FromInput::FromInput;
  V value(V x) const { return where(x <= -3.0f, 0.0f, x * at_most(x / 6.0f + 0.5f, 1.0f)); }
  V slope(V x) const { return where(x <= -3.0f, 0.0f, where(x >= 3.0f, 1.0f, x / 3.0f + 0.5f)); }
};

// ---- By powers and roots ----

template <>
struct Formula<SparsePlus> : FromInput {
  using FromInput::FromInput;
  V value(V x) const { return where(x <= -1.0f, 0.0f, where(x >= 1.0f, x, 0.25f * (x + 1.0f) * (x + 1.0f))); }
  V slope(V x) const { return clip(0.5f * x + 0.5f, 0.0f, 1.0f); }
};

template <>
struct Formula<Squareplus> : FromInput {
  explicit Formula(const SquareplusOptions& options)
      : b(static_cast<float>(options.b)), root_of_b(static_cast<float>(std::sqrt(options.b))) {}
  // sqrt(x^2 + b), computed from the larger of both, whose square might overflow.
  V root(V x) const {
    const V a = abs(x);
    const V large = where(a < root_of_b, root_of_b, a);
    const V ratio = where(a < root_of_b, a, root_of_b) / where(large == 0.0f, 1.0f, large);
    V r = 1.0f + ratio * ratio;
    for (std::size_t i = 0; i < lanes; ++i) r[i] = std::sqrt(r[i]);
    return large * r;
  }
  // Half of root + x, without cancellation for negative x.
  V half_sum(V x, V r) const { return where(x < 0.0f, 0.5f * b / (r - x), 0.5f * r + 0.5f * x); }
  V value(V x) const { return half_sum(x, root(x)); }
  V slope(V x) const {
    const V r = root(x);
    return half_sum(x, r) / where(r == 0.0f, 1.0f, r);
  }
  float b, root_of_b;
};

template <>
struct Formula<Softsign> : FromInput {
  using FromInput::FromInput;
  V value(V x) const { return x / (1.0f + abs(x)); }
  V slope(V x) const {
    const V a = 1.0f / (1.0f + abs(x));
    return a * a;
  }
};

// ---- By exp and tanh ----

template <>
struct Formula<Exponential> : FromOutput {
  using FromOutput::FromOutput;
  void whole(const float* x, float* y, std::size_t n) const { kernels::simd().exp(x, y, n); }
  V slope(V y) const { return y; }
};

template <>
struct Formula<Sigmoid> : FromOutput {
  using FromOutput::FromOutput;
  void whole(const float* x, float* y, std::size_t n) const { kernels::simd().sigmoid(x, y, n); }
  V slope(V y) const { return y * (1.0f - y); }
};

template <>
struct Formula<Tanh> : FromOutput {
  using FromOutput::FromOutput;
  void whole(const float* x, float* y, std::size_t n) const { kernels::simd().tanh(x, y, n); }
  V slope(V y) const { return 1.0f - y * y; }
};

template <>
struct Formula<TanhShrink> : FromInput {
  using FromInput::FromInput;
  void prepare(const float* x, float* t, std::size_t n) const { kernels::simd().tanh(x, t, n); }
  V value(V x, V t) const { return x - t; }
  V slope(V, V t) const { return t * t; }
};

// x for x > 0, else scale alpha (exp(x / width) - 1): elu, selu and celu.
struct ExponentialUnit : FromOutput {
  ExponentialUnit(double unit_scale, double alpha, double unit_width)
      : scale(static_cast<float>(unit_scale)),
        low(static_cast<float>(unit_scale * alpha)),
        width(static_cast<float>(unit_width)) {}
  // t = tanh(a / 2), because exp(a) - 1 = 2 t / (1 - t) is accurate for a near 0.
  void prepare(const float* x, float* t, std::size_t n) const {
    by_vectors(t, n, [&](std::size_t i, std::size_t some) { return load(x + i, some) * (0.5f / width); });
    kernels::simd().tanh(t, t, n);
  }
  V value(V x, V t) const { return where(x > 0.0f, scale * x, low * (2.0f * t / (1.0f - t))); }
  V slope(V y) const { return where(y > 0.0f, scale, (y + low) / width); }
  float scale, low, width;
};

template <>
struct Formula<Elu> : ExponentialUnit {
  explicit Formula(const EluOptions& options) : ExponentialUnit(1.0, options.alpha, 1.0) {}
};

template <>
struct Formula<Selu> : ExponentialUnit {
  explicit Formula(const NoOptions&) : ExponentialUnit(1.0507009873554804934, 1.6732632423543772848, 1.0) {}
};

template <>
struct Formula<Celu> : ExponentialUnit {
  explicit Formula(const CeluOptions& options) : ExponentialUnit(1.0, options.alpha, options.alpha) {}
};

template <>
struct Formula<Softplus> : FromInput {
  using FromInput::FromInput;
  void prepare(const float* x, float* t, std::size_t n) const { prepare_decay(x, t, n); }
  V value(V x, V t) const { return at_least(x, 0.0f) + log1p_of(t); }
  V slope(V x, V t) const { return sigmoid_of(x, t); }
};

template <>
struct Formula<LogSigmoid> : FromInput {
  using FromInput::FromInput;
  void prepare(const float* x, float* t, std::size_t n) const { prepare_decay(x, t, n); }
  V value(V x, V t) const { return at_most(x, 0.0f) - log1p_of(t); }
  V slope(V x, V t) const { return sigmoid_of(-x, t); }
};

template <>
struct Formula<Silu> : FromInput {
  using FromInput::FromInput;
  void prepare(const float* x, float* t, std::size_t n) const { kernels::simd().sigmoid(x, t, n); }
  V value(V x, V t) const { return x * t; }
  V slope(V x, V t) const { return t + x * t * (1.0f - t); }
};

// tanh(softplus(x)) = (p^2 - 1) / (p^2 + 1) with p = 1 + exp(x), expressed in t = exp(-|x|).
template <>
struct Formula<Mish> : FromInput {
  using FromInput::FromInput;
  void prepare(const float* x, float* t, std::size_t n) const { prepare_decay(x, t, n); }
  static V numerator(V x, V t) { return where(x < 0.0f, t * (t + 2.0f), 1.0f + 2.0f * t); }
  static V rest(V x, V t) { return where(x < 0.0f, 2.0f, 2.0f * t * t); }
  V value(V x, V t) const {
    const V n = numerator(x, t);
    return x * (n / (n + rest(x, t)));
  }
  V slope(V x, V t) const {
    const V n = numerator(x, t), m = rest(x, t), w = n / (n + m);
    return w + (1.0f + w) * (m / (n + m)) * sigmoid_of(x, t) * x;  // 1 - w = m / (n + m)
  }
};

// t = exp(-x^2 / 2), or t = P with the approximation.
template <>
struct Formula<Gelu> : FromInput {
  explicit Formula(const GeluOptions& options) : approximate(options.approximate) {}
  static constexpr float root = 0.79788456f;  // sqrt(2 / pi)

  void prepare(const float* x, float* t, std::size_t n) const {
    by_vectors(t, n, [&](std::size_t i, std::size_t some) {
      const V v = load(x + i, some);
      return approximate ? 2.0f * root * v * (1.0f + 0.044715f * v * v) : -0.5f * v * v;
    });
    (approximate ? kernels::simd().sigmoid : kernels::simd().exp)(t, t, n);  // (1 + tanh(a)) / 2 = sigmoid(2 a)
  }

  // Returns P(X <= x). In the upper tail P(X > a), a > 0, exp(-a^2 / 2) is the steep factor; the polynomial
  // approximates the rest with a relative error of at most 3e-7.
  static V probability(V x, V t) {
    const V u = 1.0f / (1.0f + 0.35f * abs(x));
    V p = splat(-0.029146055f);
    p = p * u + 0.14397229f;
    p = p * u + -0.25571544f;
    p = p * u + 0.15917546f;
    p = p * u + -0.02311068f;
    p = p * u + 0.10550834f;
    p = p * u + 0.11983279f;
    p = p * u + 0.13986188f;
    p = p * u + 0.1396214f;
    const V tail = p * u * t;
    return where(x > 0.0f, 1.0f - tail, tail);
  }

  V value(V x, V t) const { return x * (approximate ? t : probability(x, t)); }
  V slope(V x, V t) const {
    if (!approximate) return probability(x, t) + x * t * 0.39894228f;  // 1 / sqrt(2 pi)
    const V c = clip(x, -30.0f, 30.0f);                                // t (1 - t) is 0 long before
    return t + c * t * (1.0f - t) * 2.0f * root * (1.0f + 3.0f * 0.044715f * c * c);
  }
  bool approximate;
};

}  // namespace xeras::activations
