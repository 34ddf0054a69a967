#include "xeras/layers/regularization/dropout.hpp"

#include "layers/regularization/noise.hpp"

namespace xeras::layers {

Dropout::Dropout(DropoutConfig config) : LayerWith(std::move(config)) {
  require_rate(who(), this->config().rate, false, "It is the share of elements that are set to 0.");
}

Spec Dropout::build(const Spec& input, Builder& builder) {
  const Spec output = build_elementwise(input, builder);
  require_noise_shape(builder, options().noise_shape, input.shape);
  return output;
}

void Dropout::forward(const Call& call) const {
  const Extents& batch = call.input().extents;
  if (!fits_batch(options().noise_shape, batch)) throw_other_batch(who(), options().noise_shape, batch);
  drop(call, config().rate, options().seed, shared_draws(options().noise_shape), call.input().data, call.output().data);
}

void Dropout::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  drop(call, config().rate, options().seed, shared_draws(options().noise_shape), call.output_grad().data,
       call.input_grad().data);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Dropout)
