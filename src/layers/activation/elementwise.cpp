#include "layers/activation/elementwise.hpp"

#include <fmt/format.h>

#include "core/checked.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

void require_at_least_0(const std::string& who, const char* option, double value) {
  if (!(value >= 0.0 && is_finite_float(value))) {
    throw InvalidArgument(fmt::format("{}: {} is {}; expected a finite number >= 0.", who, option, value));
  }
}

void apply(const activations::Activation& activation, const Call& call) {
  const Extents& extents = call.input().extents;
  activation.forward(call.input().data, call.output().data, static_cast<std::size_t>(extents.row_count()),
                     static_cast<std::size_t>(extents.last()));
}

void apply_backward(const activations::Activation& activation, const BackwardCall& call) {
  if (!call.wants_input_grad()) return;
  const Extents& extents = call.input().extents;
  activation.backward(call.input().data, call.output().data, call.output_grad().data, call.input_grad().data,
                      static_cast<std::size_t>(extents.row_count()), static_cast<std::size_t>(extents.last()));
}

}  // namespace xeras::layers
