#include "xeras/layers/regularization/spatial_dropout1d.hpp"

#include "layers/regularization/noise.hpp"

namespace xeras::layers {

constexpr AxisSet time_axis(0b010);

SpatialDropout1D::SpatialDropout1D(SpatialDropout1DConfig config) : LayerWith(std::move(config)) {
  require_rate(who(), this->config().rate, false, "It is the share of features that are set to 0.");
}

Spec SpatialDropout1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  builder.step_by_step();
  return input;
}

void SpatialDropout1D::forward(const Call& call) const {
  drop(call, config().rate, options().seed, time_axis, call.input().data, call.output().data);
}

void SpatialDropout1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  drop(call, config().rate, options().seed, time_axis, call.output_grad().data, call.input_grad().data);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(SpatialDropout1D)
