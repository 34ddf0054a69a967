#include "xeras/layers/normalization/layer_normalization.hpp"

#include <cmath>

#include "kernels/long_sums.hpp"
#include "kernels/simd.hpp"
#include "layers/axes.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

LayerNormalization::LayerNormalization(LayerNormalizationOptions options) : LayerWith(std::move(options)) {
  require_axes(who(), "axis", config().axis);
  check_at_least_0(who(), "epsilon", config().epsilon);
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
  if (!axes_[1]) builder.step_by_step();
  Spec output = input;
  output.masked = input.masked && !axes_[1];
  return output;
}

// For each line x: h = (x - mean) * inverse; with rms_scaling, h + mean * inverse = x * inverse.
void LayerNormalization::forward(const Call& call) const {
  const kernels::Simd& simd = kernels::simd();
  const Lines lines(call.input().extents, axes_);
  const auto length = static_cast<std::size_t>(lines.length());
  if (length == 0) return;
  lines.each(4 * length, [&](std::int64_t line) {
    const float* x = lines.gather(line, call.input().data, call[x_].data);
    float* y = lines.place(line, call.output().data, call[dx_].data);
    const float mean = simd.sum(x, length) / static_cast<float>(length);
    simd.affine(1.0f, x, -mean, y, length);
    const double variance = simd.sum_of_squares(y, length) / static_cast<double>(length);
    const auto inverse = static_cast<float>(1.0 / std::sqrt(variance + config().epsilon));
    call[mean_].data[line] = mean;
    call[inverse_].data[line] = inverse;
    simd.affine(inverse, y, config().rms_scaling ? mean * inverse : 0.0f, y, length);
    if (has_gamma()) simd.multiply(y, call[gamma_].data, y, length);
    if (has_beta()) simd.axpy(1.0f, call[beta_].data, y, length);
    lines.scatter(line, y, call.output().data);
  });
}

// With g = dy * gamma: dx = inverse * (g - mean(g) - h * mean(g * h)); with rms_scaling
// dx = inverse * (g - h * mean(g * (h + offset))).
void LayerNormalization::backward(const BackwardCall& call) const {
  const kernels::Simd& simd = kernels::simd();
  const Lines lines(call.input().extents, axes_);
  const auto length = static_cast<std::size_t>(lines.length());
  if (length == 0) return;
  const bool gamma_learns = has_gamma() && call.wants_grad(gamma_), beta_learns = has_beta() && call.wants_grad(beta_);
  const auto offset_of = [&](std::int64_t line) {
    return config().rms_scaling ? call[mean_].data[line] * call[inverse_].data[line] : 0.0f;
  };
  const auto sums_of = [&](Weight weight, bool learns) {
    const bool is_long = lines.count() > static_cast<std::int64_t>(kernels::terms_in_float);
    float* const room = learns && is_long ? call.scratch(kernels::LongSums::room(length)) : nullptr;
    return kernels::LongSums(learns ? call.grad(weight).data : nullptr, length, room);
  };
  kernels::LongSums dgamma = sums_of(gamma_, gamma_learns), dbeta = sums_of(beta_, beta_learns);
  for (std::int64_t line = 0; (gamma_learns || beta_learns) && line < lines.count(); ++line) {
    const float* dy = lines.gather(line, call.output_grad().data, call[dy_].data);
    if (beta_learns) simd.axpy(1.0f, dy, dbeta.next(1), length);
    if (!gamma_learns) continue;
    const float* x = lines.gather(line, call.input().data, call[x_].data);
    float* h = call[h_].data;
    simd.affine(1.0f, x, -call[mean_].data[line], h, length);
    simd.affine(call[inverse_].data[line], h, offset_of(line), h, length);
    simd.add_products(dy, length, h, length, dgamma.next(1), 1, length);
  }
  dgamma.finish();
  dbeta.finish();
  if (!call.wants_input_grad()) return;
  lines.each(6 * length, [&](std::int64_t line) {
    const float* x = lines.gather(line, call.input().data, call[x_].data);
    float* dy = lines.gather(line, call.output_grad().data, call[dy_].data);
    float* dx = lines.place(line, call.input_grad().data, call[dx_].data);  // first holds h
    const float inverse = call[inverse_].data[line], share = 1.0f / static_cast<float>(length);
    simd.affine(1.0f, x, -call[mean_].data[line], dx, length);
    simd.scale(inverse, dx, length);
    if (has_gamma()) simd.multiply(dy, call[gamma_].data, dy, length);
    const float sum = simd.sum(dy, length), a = config().rms_scaling ? 0.0f : sum * share;
    const float b = (simd.dot(dy, dx, length) + offset_of(line) * sum) * share;
    simd.affine(-inverse * b, dx, -inverse * a, dx, length);
    simd.axpy(inverse, dy, dx, length);
    lines.scatter(line, dx, call.input_grad().data);
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(LayerNormalization)
