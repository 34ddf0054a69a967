#include "xeras/layers/activation/prelu.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "layers/axes.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

// Converts negative axes. Keras uses axis i as index i - 1 of a sample's shape, so -1 is the last but one: the time of
// (batch, time, features).
Axes from_the_front(const Axes& shared, std::size_t rank) {
  if (shared.is_none()) return shared;
  std::vector<std::int64_t> axes = shared.axes();
  const auto last = static_cast<std::int64_t>(rank) - 1;
  for (std::int64_t& axis : axes) {
    if (axis < 0) axis = axis + last > 0 ? axis + last : -last - 1;  // out of range stays out of range
  }
  return axes;
}

}  // namespace

PReLU::PReLU(PReLUOptions options) : LayerWith(std::move(options)) {
  const std::vector<std::int64_t>& axes = config().shared_axes.axes();
  if (std::find(axes.begin(), axes.end(), 0) != axes.end()) {
    throw InvalidArgument(fmt::format("{}: shared_axes is {}; expected axes from 1 on. 1 is the first after the batch.",
                                      who(), config().shared_axes.to_string()));
  }
}

Spec PReLU::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  const PReLUOptions& o = config();
  shared_ = sample_axes(builder, "shared_axes", from_the_front(o.shared_axes, input.shape.rank()), input.shape);
  shared_.set(0);
  require_known(builder, ~shared_, input.shape);
  alpha_ = builder.weight("alpha", with_ones(input.shape, shared_).without_batch(), o.alpha_initializer,
                          {.regularizer = o.alpha_regularizer, .constraint = o.alpha_constraint});
  builder.step_by_step();
  return input;
}

void PReLU::forward(const Call& call) const {
  const float *x = call.input().data, *alpha = call[alpha_].data;
  float* y = call.output().data;
  for_each_broadcast(call.input().extents, shared_,
                     [&](std::int64_t i, std::int64_t j) { y[i] = x[i] < 0.0f ? alpha[j] * x[i] : x[i]; });
}

void PReLU::backward(const BackwardCall& call) const {
  const Extents& extents = call.input().extents;
  const float *x = call.input().data, *dy = call.output_grad().data;
  if (call.wants_grad(alpha_)) {
    const View dalpha = call.grad(alpha_);
    const auto size = static_cast<std::size_t>(dalpha.size());
    auto* const sums = reinterpret_cast<double*>(call.scratch(2 * size));
    std::copy_n(dalpha.data, size, sums);
    for_each_broadcast(extents, shared_, [&](std::int64_t i, std::int64_t j) {
      if (x[i] < 0.0f) sums[j] += static_cast<double>(dy[i]) * x[i];
    });
    for (std::size_t j = 0; j < size; ++j) dalpha.data[j] = static_cast<float>(sums[j]);
  }
  if (call.wants_input_grad()) {
    const float* alpha = call[alpha_].data;
    float* dx = call.input_grad().data;
    for_each_broadcast(extents, shared_, [&](std::int64_t i, std::int64_t j) {
      const float slope = x[i] > 0.0f ? 1.0f : x[i] < 0.0f ? alpha[j] : 0.0f;
      dx[i] = dy[i] * slope;
    });
  }
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(PReLU)
