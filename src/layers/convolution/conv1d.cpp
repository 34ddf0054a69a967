#include "xeras/layers/convolution/conv1d.hpp"

#include <fmt/format.h>

#include "kernels/rows.hpp"
#include "layers/convolution/conv1d_by_word.hpp"
#include "layers/convolution/convolution.hpp"
#include "layers/parallel_each.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

Conv1D::Conv1D(Conv1DConfig config) : LayerWith(std::move(config)) {
  const std::int64_t filters = this->config().filters, groups = options().groups;
  check_convolution(who(), this->config());
  check_padding(who(), options().padding, std::array{"valid", "same", "causal"});
  check_positive(who(), "groups", groups, "the number of parts that the features fall into");
  if (options().strides > 1 && options().dilation_rate > 1) {
    throw InvalidArgument(
        fmt::format("{}: strides is {} and dilation_rate is {}; expected one of them to be 1, as in Keras. Dilate "
                    "less, or pool after the convolution.",
                    who(), std::int64_t{options().strides}, std::int64_t{options().dilation_rate}));
  }
  if (filters % groups != 0) {
    throw InvalidArgument(
        fmt::format("{}: filters is {} and groups is {}; expected filters divisible by groups. Each group makes an "
                    "equal part of the output.",
                    who(), filters, groups));
  }
}

Spec Conv1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  const Conv1DOptions& o = options();
  const std::int64_t filters = config().filters, groups = o.groups;
  const Spec output = conv_window(config()).output(input, filters, builder);
  const Dim features = input.last();
  if (features.known() && features.size() % groups != 0) {
    throw ShapeError(fmt::format(
        "{}: input is {}; expected features divisible by groups, {}. Each group sees an equal part of the features.",
        builder.who(), input.shape.to_string(), groups));
  }
  kernel_ = builder.weight(
      "kernel", {std::int64_t{config().kernel_size}, features.known() ? Dim(features.size() / groups) : None, filters},
      o.kernel_initializer, {.regularizer = o.kernel_regularizer, .constraint = o.kernel_constraint});
  if (o.use_bias) {
    bias_ = builder.weight("bias", {filters}, o.bias_initializer,
                           {.regularizer = o.bias_regularizer, .constraint = o.bias_constraint});
  }
  builder.activity_regularizer(o.activity_regularizer);
  if (keeps_input()) pre_activation_ = builder.saved(output.shape);
  const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  const std::size_t D = size(features.size()), U = size(filters), K = size(config().kernel_size);
  if (groups == 1) {
    const auto room = static_cast<std::int64_t>(kernels::conv1d_room(K, D, U));
    room_ = builder.scratch({room});
    const kernels::Conv1DSizes sizes{.T = 0, .D = D, .S = 0, .U = U, .K = K, .dilation = size(o.dilation_rate)};
    packed_ = builder.packed(kernel_, room,
                             [sizes](const float* value, float* to) { kernels::conv1d_pack(sizes, value, to); });
  }
  return output;
}

void Conv1D::output_extents(const Extents& input, Extents& output) const {
  output[1] = conv_window(config()).steps_out(input, [this] { return who(); });
}

void Conv1D::forward(const Call& call) const {
  const Extents& input = call.input().extents;
  const kernels::Conv1DSizes n = conv1d_sizes(conv_window(config()), input, config().filters, options().groups);
  const auto B = static_cast<std::size_t>(input[0]);
  const float *w = call[kernel_].data, *bias = options().use_bias ? call[bias_].data : nullptr;
  float* room = n.groups == 1 ? call[room_].data : nullptr;
  float* z = keeps_input() ? call[pre_activation_].data : call.output().data;
  const Conv1DByWord by_word(call, n, w, room);
  if (by_word.pays()) {
    by_word.each_panel([&](std::size_t u, std::size_t filters) {
      parallel_each(B, n.S * n.K * filters, [&](std::size_t b) {
        by_word.sum(b, {0, n.S, u, filters}, bias, z + b * n.S * n.U + u, n.U);
      });
    });
    if (has_activation()) options().activation->forward(z, call.output().data, B * n.S, n.U);
    return;
  }
  const float* packed = n.groups == 1 ? call[packed_] : nullptr;
  // Tasks are blocks of steps, so the activation finds them in the caches.
  const std::size_t blocks = (n.S + conv_steps - 1) / conv_steps;
  parallel_each(B * blocks, conv_work(n, conv_steps), [&](std::size_t i) {
    const std::size_t b = i / blocks, s = i % blocks * conv_steps, steps = std::min(conv_steps, n.S - s);
    const std::size_t at = (b * n.S + s) * n.U;
    kernels::conv1d(n, {s, steps, 0, n.U}, call.input().data + b * n.T * n.D, w, packed, bias, z + at);
    if (has_activation()) options().activation->forward(z + at, call.output().data + at, steps, n.U);
  });
}

void Conv1D::backward(const BackwardCall& call) const {
  const Extents& input = call.input().extents;
  const kernels::Conv1DSizes n = conv1d_sizes(conv_window(config()), input, config().filters, options().groups);
  const auto B = static_cast<std::size_t>(input[0]);
  float* dz = call.output_grad().data;
  if (has_activation()) {
    const float* z = keeps_input() ? call[pre_activation_].data : nullptr;
    options().activation->backward(z, call.output().data, dz, dz, B * n.S, n.U);
  }
  if (options().use_bias && call.wants_grad(bias_)) kernels::add_rows(dz, call.grad(bias_).data, B * n.S, n.U);
  const float* w = call[kernel_].data;
  float* packed = n.groups == 1 ? call[room_].data : nullptr;
  if (const Conv1DByWord by_word(call, n, w, packed); by_word.pays()) {
    by_word.backward(call, dz, call.wants_grad(kernel_) ? call.grad(kernel_).data : nullptr,
                     call.wants_input_grad() ? call.input_grad().data : nullptr);
    return;
  }
  if (call.wants_grad(kernel_)) add_kernel_grad(call, n, B, dz, call.grad(kernel_).data);
  if (!call.wants_input_grad()) return;
  if (packed != nullptr) kernels::conv1d_pack_transposed(n, w, packed);
  parallel_each(B, conv_work(n, n.S), [&](std::size_t b) {
    kernels::conv1d_input_grad(n, dz + b * n.S * n.U, w, packed, call.input_grad().data + b * n.T * n.D);
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Conv1D)
