#include "layers/activation/elementwise.hpp"

namespace xeras::layers {

Spec build_elementwise(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  builder.step_by_step();
  return input;
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
