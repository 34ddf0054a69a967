#include "xeras/layers/activation/relu.hpp"

#include <algorithm>
#include <limits>

#include "layers/activation/elementwise.hpp"
#include "layers/window.hpp"

namespace xeras::layers {
namespace {

activations::Relu activation(const ReLUOptions& options) {
  return activations::Relu(
      {.negative_slope = options.negative_slope, .max_value = options.max_value, .threshold = options.threshold});
}

}  // namespace

ReLU::ReLU(ReLUOptions options) : LayerWith(std::move(options)) {
  constexpr double most = std::numeric_limits<float>::max();  // stands for an infinite max_value
  check_at_least_0(who(), "max_value", std::min<double>(config().max_value.value_or(0.0), most));
  check_at_least_0(who(), "negative_slope", config().negative_slope);
  check_at_least_0(who(), "threshold", config().threshold);
}

Spec ReLU::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

void ReLU::forward(const Call& call) const { apply(activation(config()), call); }
void ReLU::backward(const BackwardCall& call) const { apply_backward(activation(config()), call); }

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(ReLU)
