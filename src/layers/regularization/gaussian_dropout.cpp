#include "xeras/layers/regularization/gaussian_dropout.hpp"

#include <cmath>

#include "layers/regularization/noise.hpp"

namespace xeras::layers {
namespace {

void multiply(const Call& call, const GaussianDropoutConfig& config, const float* from, float* to) {
  const RandomStream stream = call.random(config.options.seed, draws_per_row(call.input().extents, AxisSet()));
  const double stddev = std::sqrt(config.rate / (1.0 - config.rate));
  parallel_each(static_cast<std::size_t>(call.input().size()), floats_a_normal,
                [=](std::size_t i) { to[i] = static_cast<float>(from[i] * (1.0 + stddev * stream.normal(i))); });
}

}  // namespace

GaussianDropout::GaussianDropout(GaussianDropoutConfig config) : LayerWith(std::move(config)) {
  require_rate(who(), this->config().rate, true, "The noise has standard deviation sqrt(rate / (1 - rate)).");
}

Spec GaussianDropout::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

void GaussianDropout::forward(const Call& call) const {
  multiply(call, config(), call.input().data, call.output().data);
}

void GaussianDropout::backward(const BackwardCall& call) const {
  if (call.wants_input_grad()) multiply(call, config(), call.output_grad().data, call.input_grad().data);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(GaussianDropout)
