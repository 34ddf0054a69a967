#include "xeras/layers/activation/activation.hpp"

#include "layers/activation/elementwise.hpp"

namespace xeras::layers {

Spec Activation::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

bool Activation::passes_input(bool) const { return !config().activation || config().activation->is_identity(); }

void Activation::forward(const Call& call) const { apply(*config().activation, call); }
void Activation::backward(const BackwardCall& call) const { apply_backward(*config().activation, call); }

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Activation)
