#include "xeras/layers/activation/relu.hpp"

#include "layers/activation/elementwise.hpp"

namespace xeras::layers {
namespace {

activations::Relu activation(const ReLUOptions& options) {
  return activations::Relu(
      {.negative_slope = options.negative_slope, .max_value = options.max_value, .threshold = options.threshold});
}

}  // namespace

ReLU::ReLU(ReLUOptions options) : LayerWith(std::move(options)) {
  require_at_least_0(who(), "max_value", config().max_value.value_or(0.0));
  require_at_least_0(who(), "negative_slope", config().negative_slope);
  require_at_least_0(who(), "threshold", config().threshold);
}

Spec ReLU::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  return input;
}

void ReLU::forward(const Call& call) const { apply(activation(config()), call); }
void ReLU::backward(const BackwardCall& call) const { apply_backward(activation(config()), call); }

}  // namespace xeras::layers

XERAS_COMPILE_LAYER(ReLU)
