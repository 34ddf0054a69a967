#include "xeras/layers/activation/elu.hpp"

#include <fmt/format.h>

#include <cmath>

#include "layers/activation/elementwise.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

activations::Elu activation(const ELUOptions& options) { return activations::Elu({.alpha = options.alpha}); }

// For alpha < 0 the sign of the input, which the gradient depends on, does not follow from the output.
void apply_falling(double alpha, const float* x, float* y, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    y[i] = x[i] > 0.0f ? x[i] : static_cast<float>(alpha * std::expm1(static_cast<double>(x[i])));
  }
}

void apply_falling_backward(double alpha, const float* x, const float* dy, float* dx, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    dx[i] = x[i] > 0.0f ? dy[i] : static_cast<float>(dy[i] * alpha * std::exp(static_cast<double>(x[i])));
  }
}

}  // namespace

ELU::ELU(ELUOptions options) : LayerWith(std::move(options)) {
  if (std::isfinite(config().alpha)) return;
  throw InvalidArgument(fmt::format("{}: alpha is {}; expected a finite number.", who(), config().alpha));
}

Spec ELU::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

void ELU::forward(const Call& call) const {
  if (config().alpha >= 0.0) return apply(activation(config()), call);
  apply_falling(config().alpha, call.input().data, call.output().data, call.input().extents.size());
}

void ELU::backward(const BackwardCall& call) const {
  if (config().alpha >= 0.0) return apply_backward(activation(config()), call);
  if (!call.wants_input_grad()) return;
  apply_falling_backward(config().alpha, call.input().data, call.output_grad().data, call.input_grad().data,
                         call.input().extents.size());
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(ELU)
