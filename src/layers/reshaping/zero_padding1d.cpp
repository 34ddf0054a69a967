#include "xeras/layers/reshaping/zero_padding1d.hpp"

#include "layers/reshaping/ends.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

ZeroPadding1D::ZeroPadding1D(ZeroPadding1DOptions options) : LayerWith(std::move(options)) {
  check_ends(who(), "padding", config().padding);
  check_data_format(who(), config().data_format);
}

Spec ZeroPadding1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  const Dim steps = input.shape[1];
  const std::int64_t more = config().padding.before() + config().padding.after();
  return {{input.shape[0], steps.known() ? Dim(steps.size() + more) : None, input.last()}};
}

void ZeroPadding1D::output_extents(const Extents& input, Extents& output) const {
  output[1] = input[1] + config().padding.before() + config().padding.after();
}

void ZeroPadding1D::forward(const Call& call) const {
  const Extents& x = call.input().extents;
  pad(call.input().data, call.output().data, config().padding, x[0], x[1], x[2]);
}

void ZeroPadding1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const Extents& x = call.input().extents;
  crop(call.output_grad().data, call.input_grad().data, config().padding, x[0], x[1], x[2]);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(ZeroPadding1D)
