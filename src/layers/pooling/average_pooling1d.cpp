#include "xeras/layers/pooling/average_pooling1d.hpp"

#include "layers/pooling/pooling1d.hpp"

namespace xeras::layers {

AveragePooling1D::AveragePooling1D(AveragePooling1DOptions options) : LayerWith(with_strides(std::move(options))) {
  check_pooling(who(), config());
}

Spec AveragePooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  return pool_window(config()).output(input, input.last(), builder);
}

void AveragePooling1D::output_extents(const Extents& input, Extents& output) const {
  output[1] = pool_window(config()).steps_out(input, [this] { return who(); });
}

void AveragePooling1D::forward(const Call& call) const {
  const float* x = call.input().data;
  float* y = call.output().data;
  each_sample(call, pool_window(config()), [&](const kernels::Pool1DSizes& n, std::size_t in, std::size_t out) {
    kernels::average_pool1d(n, x + in, y + out);
  });
}

void AveragePooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const float* dy = call.output_grad().data;
  float* dx = call.input_grad().data;
  each_sample(call, pool_window(config()), [&](const kernels::Pool1DSizes& n, std::size_t in, std::size_t out) {
    kernels::average_pool1d_grad(n, dy + out, dx + in);
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(AveragePooling1D)
