#include "xeras/layers/normalization/layer_normalization.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kernels/simd.hpp"
#include "layers/axes.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

LayerNormalization::LayerNormalization(LayerNormalizationOptions options) : LayerWith(std::move(options)) {
  require_axes(who(), "axis", config().axis);
  if (!(config().epsilon >= 0.0)) {
    throw InvalidArgument(fmt::format("{}: epsilon is {}; expected a number >= 0.", who(), config().epsilon));
  }
}

Spec LayerNormalization::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  const LayerNormalizationOptions& o = config();
  axes_ = sample_axes(builder, "axis", o.axis, input.shape);
  require_known(builder, axes_, input.shape);
  std::vector<Dim> sizes;
  for (std::size_t axis = 1; axis < input.shape.rank(); ++axis) {
    if (axes_[axis]) sizes.push_back(input.shape[axis]);
  }
  const Shape weights(std::move(sizes));
  if (has_gamma()) {
    gamma_ = builder.weight("gamma", weights, o.gamma_initializer,
                            {.regularizer = o.gamma_regularizer, .constraint = o.gamma_constraint});
  }
  if (has_beta()) {
    beta_ = builder.weight("beta", weights, o.beta_initializer,
                           {.regularizer = o.beta_regularizer, .constraint = o.beta_constraint});
  }
  const Shape lines = with_ones(input.shape, axes_).without_batch().with_batch();
  mean_ = builder.saved(lines);
  inverse_ = builder.saved(lines);
  for (Buffer* room : {&x_, &dy_, &dx_, &h_}) *room = builder.scratch(weights);
  Spec output = input;
  output.masked = input.masked && !axes_[1];
  return output;
}

// A line of `length` numbers x becomes h = (x - mean) * inverse; with rms_scaling h + mean * inverse = x * inverse.
void LayerNormalization::forward(const Call& call) const {
  const kernels::Simd& simd = kernels::simd();
  const Lines lines(call.input().extents, axes_);
  const auto length = static_cast<std::size_t>(lines.length());
  if (length == 0) return;
  for (std::int64_t line = 0; line < lines.count(); ++line) {
    const float* x = lines.gather(line, call.input().data, call[x_].data);
    float* y = lines.place(line, call.output().data, call[dx_].data);
    const float mean = simd.sum(x, length) / static_cast<float>(length);
    for (std::size_t i = 0; i < length; ++i) y[i] = x[i] - mean;
    const double variance = simd.sum_of_squares(y, length) / static_cast<double>(length);
    const auto inverse = static_cast<float>(1.0 / std::sqrt(variance + config().epsilon));
    call[mean_].data[line] = mean;
    call[inverse_].data[line] = inverse;
    const float offset = config().rms_scaling ? mean * inverse : 0.0f;
    for (std::size_t i = 0; i < length; ++i) y[i] = y[i] * inverse + offset;
    if (has_gamma()) simd.multiply(y, call[gamma_].data, y, length);
    if (has_beta()) simd.axpy(1.0f, call[beta_].data, y, length);
    lines.scatter(line, y, call.output().data);
  }
}

// With g = dy * gamma: dx = inverse * (g - mean(g) - h * mean(g * h)); with rms_scaling
// dx = inverse * (g - h * mean(g * (h + offset))).
void LayerNormalization::backward(const BackwardCall& call) const {
  const kernels::Simd& simd = kernels::simd();
  const Lines lines(call.input().extents, axes_);
  const auto length = static_cast<std::size_t>(lines.length());
  if (length == 0) return;
  const bool gamma_learns = has_gamma() && call.wants_grad(gamma_), beta_learns = has_beta() && call.wants_grad(beta_);
  float* h = call[h_].data;
  for (std::int64_t line = 0; line < lines.count(); ++line) {
    const float* x = lines.gather(line, call.input().data, call[x_].data);
    float* dy = lines.gather(line, call.output_grad().data, call[dy_].data);
    const float mean = call[mean_].data[line], inverse = call[inverse_].data[line];
    const float offset = config().rms_scaling ? mean * inverse : 0.0f;
    for (std::size_t i = 0; i < length; ++i) h[i] = (x[i] - mean) * inverse;
    if (gamma_learns) {
      float* dgamma = call.grad(gamma_).data;
      for (std::size_t i = 0; i < length; ++i) dgamma[i] += dy[i] * (h[i] + offset);
    }
    if (beta_learns) simd.axpy(1.0f, dy, call.grad(beta_).data, length);
    if (!call.wants_input_grad()) continue;
    if (has_gamma()) simd.multiply(dy, call[gamma_].data, dy, length);
    float* dx = lines.place(line, call.input_grad().data, call[dx_].data);
    const float sum = simd.sum(dy, length), share = 1.0f / static_cast<float>(length);
    const float a = config().rms_scaling ? 0.0f : sum * share;
    const float b = (simd.dot(dy, h, length) + offset * sum) * share;
    for (std::size_t i = 0; i < length; ++i) dx[i] = inverse * (dy[i] - a - h[i] * b);
    lines.scatter(line, dx, call.input_grad().data);
  }
}

}  // namespace xeras::layers
