#include "xeras/layers/regularization/alpha_dropout.hpp"

#include <cmath>

#include "layers/regularization/noise.hpp"

namespace xeras::layers {
namespace {

constexpr double alpha = -1.6732632423543772848 * 1.0507009873554804934;  // selu at -infinity

// Computes to = scale * from + kept_shift for kept elements, and to = dropped_shift for the others.
void apply(const Call& call, const AlphaDropoutConfig& config, double kept_shift, double dropped_shift, double scale,
           const float* from, float* to) {
  const Extents& extents = call.input().extents;
  const AxisSet shared = shared_draws(config.options.noise_shape);
  const RandomStream stream = call.random(config.options.seed, draws_per_row(extents, shared));
  const double rate = config.rate;
  const auto dropped = static_cast<float>(dropped_shift);
  constexpr std::size_t floats_a_draw = 4;  // the work for a draw
  const auto draw_one = [=](std::int64_t i, std::int64_t draw) {
    const bool keeps = stream.uniform(static_cast<std::uint64_t>(draw)) >= rate;
    // Selecting by index avoids an unpredictable branch.
    const float either[] = {dropped, static_cast<float>(scale * from[i] + kept_shift)};
    to[i] = either[keeps];
  };
  for_each_draw(extents, shared, floats_a_draw, draw_one);
}

double scale_of(double rate) { return 1.0 / std::sqrt((1.0 - rate) * (1.0 + rate * alpha * alpha)); }

}  // namespace

AlphaDropout::AlphaDropout(AlphaDropoutConfig config) : LayerWith(std::move(config)) {
  require_rate(who(), this->config().rate, true, "It is the share of elements that are dropped.");
}

Spec AlphaDropout::build(const Spec& input, Builder& builder) {
  const Spec output = build_elementwise(input, builder);
  require_noise_shape(builder, options().noise_shape, input.shape);
  return output;
}

void AlphaDropout::forward(const Call& call) const {
  const Extents& batch = call.input().extents;
  if (!fits_batch(options().noise_shape, batch)) throw_other_batch(who(), options().noise_shape, batch);
  const double a = scale_of(config().rate), b = -a * alpha * config().rate;
  apply(call, config(), b, a * alpha + b, a, call.input().data, call.output().data);
}

void AlphaDropout::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  apply(call, config(), 0.0, 0.0, scale_of(config().rate), call.output_grad().data, call.input_grad().data);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(AlphaDropout)
