#pragma once

#include <algorithm>

#include "kernels/conv1d.hpp"
#include "kernels/gemm.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

// Helpers of Conv1D and SeparableConv1D; Config is the configuration of either.
namespace xeras::layers {

template <class Config>
Window conv_window(const Config& config) {
  return {config.kernel_size, config.options.strides, config.options.dilation_rate, config.options.padding};
}

template <class Config>
void check_convolution(const std::string& who, const Config& config) {
  const auto& o = config.options;
  check_positive(who, "filters", config.filters, "the number of features of the output");
  check_positive(who, "kernel_size", config.kernel_size, "the number of steps that a filter looks at");
  check_positive(who, "strides", o.strides, "the number of steps from one place of a filter to the next");
  check_positive(who, "dilation_rate", o.dilation_rate, "the distance of the steps that a filter looks at");
  check_data_format(who, o.data_format);
}

// Returns the sizes for one sample, with U output features in `groups` groups.
inline kernels::Conv1DSizes conv1d_sizes(const Window& window, const Extents& input, std::int64_t U,
                                         std::int64_t groups) {
  const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  return {.T = size(input[1]),
          .D = size(input[2]),
          .S = size(window.steps_out(input[1])),
          .U = size(U),
          .K = size(window.size),
          .stride = size(window.stride),
          .dilation = size(window.dilation),
          .before = size(window.before(input[1])),
          .groups = size(groups)};
}

// The steps of a task: enough to amortize shared work, few enough for the caches.
constexpr std::size_t conv_steps = 96;

// Returns the work of `steps` steps, for parallel_for.
inline std::size_t conv_work(const kernels::Conv1DSizes& n, std::size_t steps) {
  return steps * n.U * (n.K * n.D / n.groups / kernels::products_a_float + 1);
}

inline void add_kernel_grad(const BackwardCall& call, const kernels::Conv1DSizes& n, std::size_t B, const float* dy,
                            float* dw) {
  const std::size_t room = kernels::conv1d_kernel_grad_room(n, B);
  kernels::conv1d_kernel_grad(n, B, call.input().data, dy, dw, room > 0 ? call.scratch(room) : nullptr);
}

}  // namespace xeras::layers
