#include "xeras/layers/activation/leaky_relu.hpp"

#include "layers/activation/elementwise.hpp"
#include "layers/window.hpp"

namespace xeras::layers {
namespace {

activations::LeakyRelu activation(const LeakyReLUOptions& options) {
  return activations::LeakyRelu({.negative_slope = options.negative_slope});
}

}  // namespace

LeakyReLU::LeakyReLU(LeakyReLUOptions options) : LayerWith(std::move(options)) {
  check_at_least_0(who(), "negative_slope", config().negative_slope);
}

Spec LeakyReLU::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

void LeakyReLU::forward(const Call& call) const { apply(activation(config()), call); }
void LeakyReLU::backward(const BackwardCall& call) const { apply_backward(activation(config()), call); }

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(LeakyReLU)
