#include "xeras/layers/regularization/gaussian_noise.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "layers/regularization/noise.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

GaussianNoise::GaussianNoise(GaussianNoiseConfig config) : LayerWith(std::move(config)) {
  const double stddev = this->config().stddev;
  if (!(stddev >= 0.0 && stddev <= 1.0)) {
    throw InvalidArgument(
        fmt::format("{}: stddev is {}; expected a number in [0, 1]. Scale the input to the noise.", who(), stddev));
  }
}

Spec GaussianNoise::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

void GaussianNoise::forward(const Call& call) const {
  const RandomStream stream = call.random(options().seed, draws_per_row(call.input().extents, AxisSet()));
  const float* x = call.input().data;
  float* y = call.output().data;
  const double stddev = config().stddev;
  parallel_each(static_cast<std::size_t>(call.input().size()), floats_a_normal,
                [=](std::size_t i) { y[i] = static_cast<float>(x[i] + stddev * stream.normal(i)); });
}

void GaussianNoise::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  std::copy_n(call.output_grad().data, call.output_grad().size(), call.input_grad().data);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(GaussianNoise)
