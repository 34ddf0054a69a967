#pragma once

#include "xeras/core/spec.hpp"

namespace xeras::layers {

// (batch, time, features) without its time axis, or with a time axis of 1.
inline Spec global_pooling_output(const Spec& input, bool keepdims) {
  return keepdims ? Spec{{input.shape[0], 1, input.shape[2]}} : Spec{{input.shape[0], input.shape[2]}};
}

}  // namespace xeras::layers
