#pragma once

#include "xeras/activations.hpp"
#include "xeras/layers/call.hpp"

// Helpers of layers that compute each element, or each row along the last axis, independently.
namespace xeras::layers {

// Builds such a layer without weights: the output is as the input, of any shape with a batch.
Spec build_elementwise(const Spec& input, Builder& builder);

void apply(const activations::Activation& activation, const Call& call);
void apply_backward(const activations::Activation& activation, const BackwardCall& call);

}  // namespace xeras::layers
