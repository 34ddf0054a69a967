#pragma once

#include <string>

#include "xeras/activations.hpp"
#include "xeras/layers/call.hpp"

// What the layers that are one activation share.
namespace xeras::layers {

// InvalidArgument unless value >= 0.
void require_at_least_0(const std::string& who, const char* option, double value);

void apply(const activations::Activation& activation, const Call& call);
void apply_backward(const activations::Activation& activation, const BackwardCall& call);

}  // namespace xeras::layers
