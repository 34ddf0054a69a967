#include "xeras/layers/pooling/max_pooling1d.hpp"

#include "layers/pooling/pooling1d.hpp"

namespace xeras::layers {

MaxPooling1D::MaxPooling1D(MaxPooling1DOptions options) : LayerWith(with_strides(std::move(options))) {
  check_pooling(who(), config());
}

Spec MaxPooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  return pool_window(config()).output(input, input.last(), builder);
}

void MaxPooling1D::output_extents(const Extents& input, Extents& output) const {
  output[1] = pool_window(config()).steps_out(input, [this] { return who(); });
}

void MaxPooling1D::forward(const Call& call) const {
  const float* x = call.input().data;
  float* y = call.output().data;
  each_sample(call, pool_window(config()), [&](const kernels::Pool1DSizes& n, std::size_t in, std::size_t out) {
    kernels::max_pool1d(n, x + in, y + out);
  });
}

void MaxPooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const float *x = call.input().data, *y = call.output().data, *dy = call.output_grad().data;
  float* dx = call.input_grad().data;
  each_sample(call, pool_window(config()), [&](const kernels::Pool1DSizes& n, std::size_t in, std::size_t out) {
    kernels::max_pool1d_grad(n, x + in, y + out, dy + out, dx + in);
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(MaxPooling1D)
