#include "xeras/layers/pooling/max_pooling1d.hpp"

#include "core/parallel.hpp"
#include "layers/pooling/pooling1d.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

MaxPooling1D::MaxPooling1D(MaxPooling1DOptions options) : LayerWith(with_strides(std::move(options))) {
  check_pooling(who(), config());
}

Spec MaxPooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  return pool_window(config()).output(input, input.last(), builder);
}

void MaxPooling1D::output_extents(const Extents& input, Extents& output) const {
  const Window window = pool_window(config());
  if (!window.fits(input[1])) throw InvalidInput(window.too_short(who(), "a batch of shape " + input.to_string()));
  output[1] = window.steps_out(input[1]);
}

void MaxPooling1D::forward(const Call& call) const {
  const kernels::Pool1DSizes n = pool1d_sizes(pool_window(config()), call.input().extents);
  const auto B = static_cast<std::size_t>(call.input().extents[0]);
  parallel_for(B, n.S * n.size * n.D, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      kernels::max_pool1d(n, call.input().data + b * n.T * n.D, call.output().data + b * n.S * n.D);
    }
  });
}

void MaxPooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const kernels::Pool1DSizes n = pool1d_sizes(pool_window(config()), call.input().extents);
  const auto B = static_cast<std::size_t>(call.input().extents[0]);
  parallel_for(B, n.S * n.size * n.D, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      const std::size_t in = b * n.T * n.D, out = b * n.S * n.D;
      kernels::max_pool1d_grad(n, call.input().data + in, call.output().data + out, call.output_grad().data + out,
                               call.input_grad().data + in);
    }
  });
}

}  // namespace xeras::layers

XERAS_COMPILE_LAYER(MaxPooling1D)
