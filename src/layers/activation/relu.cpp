#include "xeras/layers/activation/relu.hpp"

#include <algorithm>
#include <limits>

#include "layers/activation/elementwise.hpp"

namespace xeras::layers {
namespace {

activations::Relu activation(const ReLUOptions& options) {
  return activations::Relu(
      {.negative_slope = options.negative_slope, .max_value = options.max_value, .threshold = options.threshold});
}

}  // namespace

ReLU::ReLU(ReLUOptions options) : LayerWith(std::move(options)) {
  constexpr double most = std::numeric_limits<float>::max();  // a max_value of infinity is none
  require_at_least_0(who(), "max_value", std::min<double>(config().max_value.value_or(0.0), most));
  require_at_least_0(who(), "negative_slope", config().negative_slope);
  require_at_least_0(who(), "threshold", config().threshold);
}

Spec ReLU::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  builder.step_by_step();
  return input;
}

void ReLU::forward(const Call& call) const { apply(activation(config()), call); }
void ReLU::backward(const BackwardCall& call) const { apply_backward(activation(config()), call); }

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(ReLU)
