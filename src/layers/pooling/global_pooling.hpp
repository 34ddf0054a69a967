#pragma once

#include "xeras/core/spec.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

// Returns (batch, features), or (batch, 1, features) with keepdims, for (batch, time, features).
inline Spec global_pooling_output(const Spec& input, bool keepdims) {
  return keepdims ? Spec{{input.shape[0], 1, input.shape[2]}} : Spec{{input.shape[0], input.shape[2]}};
}

// The sizes of a call's input (B, T, D).
struct GlobalPoolingSizes {
  std::size_t B, T, D;
};
inline GlobalPoolingSizes sizes_of(const Call& call) {
  const Extents& x = call.input().extents;
  return {static_cast<std::size_t>(x[0]), static_cast<std::size_t>(x[1]), static_cast<std::size_t>(x[2])};
}

}  // namespace xeras::layers
