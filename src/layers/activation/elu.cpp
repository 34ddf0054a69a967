#include "xeras/layers/activation/elu.hpp"

#include "layers/activation/elementwise.hpp"

namespace xeras::layers {
namespace {

activations::Elu activation(const ELUOptions& options) { return activations::Elu({.alpha = options.alpha}); }

}  // namespace

ELU::ELU(ELUOptions options) : LayerWith(std::move(options)) { require_at_least_0(who(), "alpha", config().alpha); }

Spec ELU::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  builder.step_by_step();
  return input;
}

void ELU::forward(const Call& call) const { apply(activation(config()), call); }
void ELU::backward(const BackwardCall& call) const { apply_backward(activation(config()), call); }

}  // namespace xeras::layers

XERAS_COMPILE_LAYER(ELU)
