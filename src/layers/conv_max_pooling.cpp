#include "layers/conv_max_pooling.hpp"

#include <algorithm>

#include "kernels/conv1d_max.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/convolution/conv1d_by_word.hpp"
#include "layers/convolution/convolution.hpp"
#include "layers/parallel_each.hpp"
#include "layers/workspace.hpp"
#include "xeras/layers/convolution/conv1d.hpp"
#include "xeras/layers/pooling/global_max_pooling1d.hpp"

namespace xeras::layers {
namespace {

kernels::Conv1DSizes sizes_of(const Call& first, const Conv1DConfig& config) {
  return conv1d_sizes(conv_window(config), first.input().extents, config.filters, 1);
}

}  // namespace

bool ConvMaxPooling::fits(const Node& first, const Node& second) const {
  const auto* conv = dynamic_cast<const Conv1D*>(first.layer);
  if (conv == nullptr || dynamic_cast<const GlobalMaxPooling1D*>(second.layer) == nullptr) return false;
  // The gradient of relu depends only on the output, so the maximum is enough.
  const bool by_output =
      !conv->has_activation() || dynamic_cast<const activations::Relu*>(&*conv->options().activation) != nullptr;
  return by_output && conv->options().groups == 1 && !first.activity_regularizer;
}

void ConvMaxPooling::forward(const Pair& pair, const Call& first, const Call& second) const {
  const auto& conv = static_cast<const Conv1D&>(*pair.first.layer);
  const auto& pool = static_cast<const GlobalMaxPooling1D&>(*pair.second.layer);
  const kernels::Conv1DSizes n = sizes_of(first, conv.config());
  const auto B = static_cast<std::size_t>(first.input().extents[0]);
  const float *w = first[conv.kernel_].data, *bias = conv.options().use_bias ? first[conv.bias_].data : nullptr;
  // Computes the maxima of up to one panel of filters of one sample; convolve(part, rows) computes a block of steps.
  const auto take_maxima = [&](std::size_t b, std::size_t u, std::size_t filters, const auto& convolve) {
    alignas(64) float rows[conv_steps * kernels::conv1d_panel];
    float* y = second.output().data + b * n.U + u;
    std::int32_t* winner = second.integers(pool.winner_).data + b * n.U + u;
    std::fill_n(y, filters, 0.0f);
    std::fill_n(winner, filters, -1);
    for (std::size_t s = 0; s < n.S; s += conv_steps) {
      const std::size_t steps = std::min(conv_steps, n.S - s);
      convolve(kernels::Conv1DPart{s, steps, u, filters}, rows);
      if (conv.has_activation()) conv.options().activation->forward(rows, rows, steps, filters);
      kernels::simd().max_rows(rows, steps, filters, static_cast<std::int32_t>(s), y, winner);
    }
  };
  const Conv1DByWord by_word(first, n, w, first[conv.room_].data);
  if (by_word.pays()) {
    by_word.each_panel([&](std::size_t u, std::size_t filters) {
      parallel_each(B, n.S * n.K * filters, [&](std::size_t b) {
        take_maxima(b, u, filters,
                    [&](const kernels::Conv1DPart& part, float* rows) { by_word.sum(b, part, bias, rows, filters); });
      });
    });
    return;
  }
  const float* const packed = first[conv.packed_];
  const std::size_t panels = (n.U + kernels::conv1d_panel - 1) / kernels::conv1d_panel;
  parallel_each(B * panels, conv_work(n, n.S) / panels, [&](std::size_t i) {
    const std::size_t b = i / panels, u = i % panels * kernels::conv1d_panel;
    const float* x = first.input().data + b * n.T * n.D;
    take_maxima(b, u, std::min(kernels::conv1d_panel, n.U - u), [&](const kernels::Conv1DPart& part, float* rows) {
      kernels::conv1d(n, part, x, w, packed, bias, rows);
    });
  });
}

void ConvMaxPooling::backward(const Pair& pair, const BackwardCall& first, const BackwardCall& second) const {
  const auto& conv = static_cast<const Conv1D&>(*pair.first.layer);
  const auto& pool = static_cast<const GlobalMaxPooling1D&>(*pair.second.layer);
  const kernels::Conv1DSizes n = sizes_of(first, conv.config());
  const auto B = static_cast<std::size_t>(first.input().extents[0]);
  const std::int32_t* winner = second.integers(pool.winner_).data;
  float* dz = second.output_grad().data;  // (B, U)
  if (conv.has_activation()) conv.options().activation->backward(nullptr, second.output().data, dz, dz, B, n.U);
  if (conv.options().use_bias && first.wants_grad(conv.bias_)) {
    kernels::add_rows(dz, first.grad(conv.bias_).data, B, n.U);
  }
  if (first.wants_grad(conv.kernel_)) {
    kernels::conv1d_max_kernel_grad(n, B, first.input().data, winner, dz, first.grad(conv.kernel_).data);
  }
  if (first.wants_input_grad()) {
    kernels::conv1d_max_input_grad(n, B, first[conv.kernel_].data, winner, dz, first[conv.room_].data,
                                   first.input_grad().data);
  }
}

}  // namespace xeras::layers
