#include "xeras/layers/convolution/separable_conv1d.hpp"

#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/convolution/convolution.hpp"
#include "layers/packed_matrix.hpp"
#include "layers/parallel_each.hpp"

namespace xeras::layers {
namespace {

// Returns the sizes of the first stage: each feature is a group with depth_multiplier output features.
kernels::Conv1DSizes depthwise_sizes(const SeparableConv1DConfig& config, const Extents& input) {
  return conv1d_sizes(conv_window(config), input, input[2] * config.options.depth_multiplier, input[2]);
}

}  // namespace

SeparableConv1D::SeparableConv1D(SeparableConv1DConfig config) : LayerWith(std::move(config)) {
  check_convolution(who(), this->config());
  check_padding(who(), options().padding, std::array{"valid", "same"});
  check_positive(who(), "depth_multiplier", options().depth_multiplier,
                 "the number of features that the first step makes of each");
}

Spec SeparableConv1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  const SeparableConv1DOptions& o = options();
  const std::int64_t filters = config().filters, multiplier = o.depth_multiplier;
  const Spec output = conv_window(config()).output(input, filters, builder);
  const Dim features = input.last();
  depthwise_kernel_ = builder.weight("depthwise_kernel", {std::int64_t{config().kernel_size}, features, multiplier},
                                     o.depthwise_initializer,
                                     {.regularizer = o.depthwise_regularizer, .constraint = o.depthwise_constraint});
  const std::int64_t inner = features.size() * multiplier;
  pointwise_kernel_ = builder.weight("pointwise_kernel", {1, inner, filters}, o.pointwise_initializer,
                                     {.regularizer = o.pointwise_regularizer, .constraint = o.pointwise_constraint});
  packed_ = declare_packed(builder, pointwise_kernel_, inner, filters);
  if (o.use_bias) {
    bias_ = builder.weight("bias", {filters}, o.bias_initializer,
                           {.regularizer = o.bias_regularizer, .constraint = o.bias_constraint});
  }
  builder.activity_regularizer(o.activity_regularizer);
  depthwise_ = builder.saved({output.shape[0], output.shape[1], inner});
  if (keeps_input()) pre_activation_ = builder.saved(output.shape);
  return output;
}

void SeparableConv1D::output_extents(const Extents& input, Extents& output) const {
  output[1] = conv_window(config()).steps_out(input, [this] { return who(); });
}

void SeparableConv1D::forward(const Call& call) const {
  const kernels::Conv1DSizes n = depthwise_sizes(config(), call.input().extents);
  const auto B = static_cast<std::size_t>(call.input().extents[0]), U = static_cast<std::size_t>(config().filters);
  float* h = call[depthwise_].data;
  const std::size_t blocks = (n.S + conv_steps - 1) / conv_steps;
  parallel_each(B * blocks, conv_steps * n.U * n.K, [&](std::size_t i) {
    const std::size_t b = i / blocks, s = i % blocks * conv_steps;
    kernels::conv1d(n, {s, std::min(conv_steps, n.S - s), 0, n.U}, call.input().data + b * n.T * n.D,
                    call[depthwise_kernel_].data, nullptr, nullptr, h + (b * n.S + s) * n.U);
  });
  float* z = keeps_input() ? call[pre_activation_].data : call.output().data;
  multiply(call, B * n.S, h, pointwise_kernel_, packed_, z);
  parallel_for(B * n.S, 2 * U, [&](std::size_t begin, std::size_t end) {
    if (options().use_bias) kernels::simd().add_bias(z + begin * U, call[bias_].data, end - begin, U);
    if (!has_activation()) return;
    options().activation->forward(z + begin * U, call.output().data + begin * U, end - begin, U);
  });
}

void SeparableConv1D::backward(const BackwardCall& call) const {
  const kernels::Conv1DSizes n = depthwise_sizes(config(), call.input().extents);
  const auto B = static_cast<std::size_t>(call.input().extents[0]), U = static_cast<std::size_t>(config().filters);
  float* dz = call.output_grad().data;
  if (has_activation()) {
    const float* z = keeps_input() ? call[pre_activation_].data : nullptr;
    options().activation->backward(z, call.output().data, dz, dz, B * n.S, U);
  }
  if (options().use_bias && call.wants_grad(bias_)) kernels::add_rows(dz, call.grad(bias_).data, B * n.S, U);
  float* h = call[depthwise_].data;
  if (call.wants_grad(pointwise_kernel_)) {
    kernels::gemm(true, false, n.U, U, B * n.S, h, n.U, dz, U, 1.0f, call.grad(pointwise_kernel_).data, U);
  }
  // h is no longer needed, so its gradient overwrites it.
  kernels::gemm(false, true, B * n.S, n.U, U, dz, U, call[pointwise_kernel_].data, U, 0.0f, h, n.U);
  if (call.wants_grad(depthwise_kernel_)) add_kernel_grad(call, n, B, h, call.grad(depthwise_kernel_).data);
  if (!call.wants_input_grad()) return;
  parallel_each(B, n.S * n.U * n.K, [&](std::size_t b) {
    kernels::conv1d_input_grad(n, h + b * n.S * n.U, call[depthwise_kernel_].data, nullptr,
                               call.input_grad().data + b * n.T * n.D);
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(SeparableConv1D)
