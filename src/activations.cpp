#include "xeras/activations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "activations/formulas.hpp"
#include "core/checked.hpp"
#include "core/family.hpp"
#include "core/masked_traps.hpp"
#include "core/parallel.hpp"
#include "kernels/simd.hpp"

namespace xeras::activations {
namespace {

std::span<const FamilyRow<Activation>> family() {
  static const std::vector<FamilyRow<Activation>>& rows = *new std::vector<FamilyRow<Activation>>{
      family_row<Activation, Relu>({"relu"}),
      family_row<Activation, Relu6>({"relu6"}),
      family_row<Activation, LeakyRelu>({"leaky_relu"}),
      family_row<Activation, Elu>({"elu"}),
      family_row<Activation, Selu>({"selu"}),
      family_row<Activation, Celu>({"celu"}),
      family_row<Activation, Sigmoid>({"sigmoid"}),
      family_row<Activation, HardSigmoid>({"hard_sigmoid"}),
      family_row<Activation, Keras2HardSigmoid>({"keras2_hard_sigmoid"}),
      family_row<Activation, SparseSigmoid>({"sparse_sigmoid"}),
      family_row<Activation, LogSigmoid>({"log_sigmoid"}),
      family_row<Activation, Tanh>({"tanh"}),
      family_row<Activation, HardTanh>({"hard_tanh"}),
      family_row<Activation, TanhShrink>({"tanh_shrink"}),
      family_row<Activation, Exponential>({"exponential"}),
      family_row<Activation, Softplus>({"softplus"}),
      family_row<Activation, SparsePlus>({"sparse_plus"}),
      family_row<Activation, Squareplus>({"squareplus"}),
      family_row<Activation, Softsign>({"softsign"}),
      family_row<Activation, Silu>({"silu", "swish"}),
      family_row<Activation, HardSilu>({"hard_silu", "hard_swish"}),
      family_row<Activation, Mish>({"mish"}),
      family_row<Activation, Gelu>({"gelu"}),
      family_row<Activation, SoftShrink>({"soft_shrink"}),
      family_row<Activation, HardShrink>({"hard_shrink"}),
      family_row<Activation, Threshold>({"threshold"}),
      family_row<Activation, Linear>({"linear"}),
      family_row<Activation, Softmax>({"softmax"}),
      family_row<Activation, LogSoftmax>({"log_softmax"}),
      family_row<Activation, Sparsemax>({"sparsemax"}),
  };
  return rows;
}

// Replaces an infinite limit by the largest float.
double at_most_finite(double limit) { return std::min<double>(limit, std::numeric_limits<float>::max()); }

void require_at_least_0(const char* who, const char* option, double value) {
  if (!(value >= 0.0 && is_finite_float(value))) {
    throw InvalidArgument(fmt::format("{}: {} is {}; expected a finite number >= 0.", who, option, value));
  }
}

// Returns the threshold tau of sparsemax for x (columns), by Michelot's projection onto the simplex, which needs no
// sorting and no memory: it starts with all of x and drops what would become negative until nothing does. NaN when x
// has a NaN.
double sparsemax_threshold(const float* x, std::size_t columns) {
  double tau = -std::numeric_limits<double>::infinity();
  std::size_t kept = columns + 1;
  std::size_t before = 0;
  do {
    before = kept;
    kept = 0;
    double sum = 0.0;
    for (std::size_t c = 0; c < columns; ++c) {
      if (x[c] <= tau) continue;
      sum += x[c];
      ++kept;
    }
    tau = (sum - 1.0) / static_cast<double>(kept);
  } while (kept < before);
  return tau;
}

}  // namespace

Tensor Activation::operator()(const Input& tensor) const {
  const MaskedTraps masked;
  if (!tensor) throw InvalidInput(fmt::format("{}: no input; expected a tensor.", class_name()));
  Tensor y = tensor.to_tensor();
  const Extents& extents = tensor.extents();
  const std::int64_t columns = extents.rank() == 0 ? 1 : extents.last();
  forward(y.data(), y.data(), static_cast<std::size_t>(extents.row_count()), static_cast<std::size_t>(columns));
  return y;
}

std::shared_ptr<Activation> Activation::from_name(std::string_view name) {
  return make_by_name("activation", family(), name);
}

std::shared_ptr<Activation> Activation::from_config(const Value& value, const std::string& path) {
  return make_from_value("activation", family(), value, path);
}

Named<Activation> get(std::string_view name) { return Activation::from_name(name); }

Relu::Relu(ReluOptions options) : Elementwise(options) {
  require_at_least_0("Relu", "negative_slope", options.negative_slope);
  require_at_least_0("Relu", "max_value", at_most_finite(options.max_value.value_or(0.0)));
  require_at_least_0("Relu", "threshold", options.threshold);
}

LeakyRelu::LeakyRelu(LeakyReluOptions options) : Elementwise(options) {
  require_at_least_0("LeakyRelu", "negative_slope", options.negative_slope);
}

Elu::Elu(EluOptions options) : Elementwise(options) { require_at_least_0("Elu", "alpha", options.alpha); }

Celu::Celu(CeluOptions options) : Elementwise(options) {
  if (options.alpha > 0.0 && is_finite_float(options.alpha)) return;
  throw InvalidArgument(fmt::format("Celu: alpha is {}; expected a finite number > 0.", options.alpha));
}

Squareplus::Squareplus(SquareplusOptions options) : Elementwise(options) {
  require_at_least_0("Squareplus", "b", options.b);
}

Threshold::Threshold(ThresholdOptions options) : Elementwise(options) {
  for (const auto& [option, value] :
       {std::pair("threshold", options.threshold), {"default_value", options.default_value}}) {
    if (is_finite_float(value)) continue;
    throw InvalidArgument(fmt::format("Threshold: {} is {}; expected a finite number.", option, value));
  }
}

SoftShrink::SoftShrink(SoftShrinkOptions options) : Elementwise(options) {
  require_at_least_0("SoftShrink", "threshold", options.threshold);
}

HardShrink::HardShrink(HardShrinkOptions options) : Elementwise(options) {
  require_at_least_0("HardShrink", "threshold", options.threshold);
}

// The time per value, in floats of a loop: less for relu, more for gelu.
constexpr std::size_t floats_a_value = 2;

// ---- Elementwise: the formulas over all numbers at once, regardless of rows ----

template <class Self, class Options>
void Elementwise<Self, Options>::forward(const float* x, float* y, std::size_t rows, std::size_t columns) const {
  const Formula<Self> f(this->config());
  parallel_for(rows * columns, floats_a_value,
               [=](std::size_t begin, std::size_t end) { run_forward(f, x + begin, y + begin, end - begin); });
}

template <class Self, class Options>
void Elementwise<Self, Options>::backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                                          std::size_t columns) const {
  const Formula<Self> f(this->config());
  parallel_for(rows * columns, floats_a_value, [=](std::size_t begin, std::size_t end) {
    // The unused one of x and y may be null.
    run_backward(f, f.from_output ? nullptr : x + begin, f.from_output ? y + begin : nullptr, dy + begin, dx + begin,
                 end - begin);
  });
}

template <class Self, class Options>
bool Elementwise<Self, Options>::needs_input() const {
  return !Formula<Self>::from_output;
}

template class Elementwise<Relu, ReluOptions>;
template class Elementwise<Relu6>;
template class Elementwise<LeakyRelu, LeakyReluOptions>;
template class Elementwise<Elu, EluOptions>;
template class Elementwise<Selu>;
template class Elementwise<Celu, CeluOptions>;
template class Elementwise<Sigmoid>;
template class Elementwise<HardSigmoid>;
template class Elementwise<Keras2HardSigmoid>;
template class Elementwise<SparseSigmoid>;
template class Elementwise<LogSigmoid>;
template class Elementwise<Tanh>;
template class Elementwise<HardTanh>;
template class Elementwise<TanhShrink>;
template class Elementwise<Exponential>;
template class Elementwise<Softplus>;
template class Elementwise<SparsePlus>;
template class Elementwise<Squareplus, SquareplusOptions>;
template class Elementwise<Softsign>;
template class Elementwise<Silu>;
template class Elementwise<HardSilu>;
template class Elementwise<Mish>;
template class Elementwise<Gelu, GeluOptions>;
template class Elementwise<SoftShrink, SoftShrinkOptions>;
template class Elementwise<HardShrink, HardShrinkOptions>;
template class Elementwise<Threshold, ThresholdOptions>;

// ---- By rows ----

void Linear::forward(const float* x, float* y, std::size_t rows, std::size_t columns) const {
  if (x != y) std::copy_n(x, rows * columns, y);
}

void Linear::backward(const float*, const float*, const float* dy, float* dx, std::size_t rows,
                      std::size_t columns) const {
  if (dy != dx) std::copy_n(dy, rows * columns, dx);
}

void Softmax::forward(const float* x, float* y, std::size_t rows, std::size_t columns) const {
  parallel_for(rows, columns * floats_a_value, [=](std::size_t begin, std::size_t end) {
    kernels::simd().softmax(x + begin * columns, y + begin * columns, end - begin, columns);
  });
}

// dx = y (dy - sum(y dy)).
void Softmax::backward(const float*, const float* y, const float* dy, float* dx, std::size_t rows,
                       std::size_t columns) const {
  parallel_for(rows, columns * floats_a_value, [=](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin * columns; at < end * columns; at += columns) {
      const float mean = kernels::simd().dot(y + at, dy + at, columns);
      kernels::simd().affine(1.0f, dy + at, -mean, dx + at, columns);
      kernels::simd().multiply(dx + at, y + at, dx + at, columns);
    }
  });
}

void LogSoftmax::forward(const float* x, float* y, std::size_t rows, std::size_t columns) const {
  parallel_for(rows, columns * floats_a_value, [=](std::size_t begin, std::size_t end) {
    kernels::simd().log_softmax(x + begin * columns, y + begin * columns, end - begin, columns);
  });
}

// dx = dy - exp(y) sum(dy).
void LogSoftmax::backward(const float*, const float* y, const float* dy, float* dx, std::size_t rows,
                          std::size_t columns) const {
  for (std::size_t r = 0; r < rows; ++r, y += columns, dy += columns, dx += columns) {
    const float sum = kernels::simd().sum(dy, columns);
    in_blocks(columns, [&](std::size_t first, std::size_t count, float* t) {
      kernels::simd().exp(y + first, t, count);
      for (std::size_t i = 0; i < count; ++i) dx[first + i] = dy[first + i] - t[i] * sum;
    });
  }
}

void Sparsemax::forward(const float* x, float* y, std::size_t rows, std::size_t columns) const {
  for (std::size_t r = 0; r < rows; ++r, x += columns, y += columns) {
    const double tau = sparsemax_threshold(x, columns);
    for (std::size_t c = 0; c < columns; ++c) y[c] = x[c] <= tau ? 0.0f : static_cast<float>(x[c] - tau);
  }
}

// dx = dy - the mean of dy over the nonzero y; 0 where y is 0.
void Sparsemax::backward(const float*, const float* y, const float* dy, float* dx, std::size_t rows,
                         std::size_t columns) const {
  for (std::size_t r = 0; r < rows; ++r, y += columns, dy += columns, dx += columns) {
    double sum = 0.0;
    std::size_t passed = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      if (y[c] == 0.0f) continue;
      sum += dy[c];
      ++passed;
    }
    const double mean = sum / static_cast<double>(passed);
    for (std::size_t c = 0; c < columns; ++c) dx[c] = y[c] == 0.0f ? 0.0f : static_cast<float>(dy[c] - mean);
  }
}

}  // namespace xeras::activations

template class xeras::Named<xeras::activations::Activation>;
