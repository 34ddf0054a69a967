#include "xeras/layers/reshaping/repeat_vector.hpp"

#include "layers/reshaping/repeat.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

RepeatVector::RepeatVector(RepeatVectorConfig config) : LayerWith(std::move(config)) {
  check_positive(who(), "n", this->config().n, "the number of steps of the output");
}

Spec RepeatVector::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 2});
  return {{input.shape[0], config().n, input.last()}};
}

void RepeatVector::forward(const Call& call) const {
  const Extents& x = call.input().extents;
  repeat(call.input().data, call.output().data, x[0], config().n, x[1]);
}

void RepeatVector::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const Extents& x = call.input().extents;
  repeat_grad(call.output_grad().data, call.input_grad().data, x[0], config().n, x[1]);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(RepeatVector)
