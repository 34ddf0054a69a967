#include "xeras/layers/reshaping/up_sampling1d.hpp"

#include "core/checked.hpp"
#include "layers/reshaping/repeat.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

UpSampling1D::UpSampling1D(UpSampling1DOptions options) : LayerWith(std::move(options)) {
  check_positive(who(), "size", config().size, "the number of times that each step comes out");
}

Spec UpSampling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  const Dim steps = input.shape[1];
  if (steps.known()) checked_product(builder.who(), steps.size(), config().size);
  return {{input.shape[0], steps * Dim(std::int64_t{config().size}), input.last()}};
}

void UpSampling1D::forward(const Call& call) const {
  const Extents& x = call.input().extents;
  repeat(call.input().data, call.output().data, x[0] * x[1], config().size, x[2]);
}

void UpSampling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const Extents& x = call.input().extents;
  repeat_grad(call.output_grad().data, call.input_grad().data, x[0] * x[1], config().size, x[2]);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(UpSampling1D)
