#include "xeras/layers/activation/activation.hpp"

#include "xeras/layers/call.hpp"

namespace xeras::layers {

Spec Activation::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  return input;
}

bool Activation::passes_input(bool) const { return !config().activation || config().activation->is_identity(); }

void Activation::forward(const Call& call) const {
  const Extents& extents = call.input().extents;
  config().activation->forward(call.input().data, call.output().data, static_cast<std::size_t>(extents.rows()),
                               static_cast<std::size_t>(extents.last()));
}

void Activation::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const Extents& extents = call.input().extents;
  config().activation->backward(call.input().data, call.output().data, call.output_grad().data, call.input_grad().data,
                                static_cast<std::size_t>(extents.rows()), static_cast<std::size_t>(extents.last()));
}

}  // namespace xeras::layers
