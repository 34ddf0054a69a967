#include "xeras/layers/pooling/global_average_pooling1d.hpp"

#include <algorithm>

#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/parallel_each.hpp"
#include "layers/pooling/global_pooling.hpp"

namespace xeras::layers {

Spec GlobalAveragePooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  builder.uses_mask();
  inverse_count_ = builder.saved({input.shape[0]});
  builder.ignores_masked_steps();
  return global_pooling_output(input, config().keepdims);
}

void GlobalAveragePooling1D::forward(const Call& call) const {
  const auto [B, T, D] = sizes_of(call);
  const std::uint8_t* mask = call.mask().data;
  const float* x = call.input().data;
  float *y = call.output().data, *inverse_count = call[inverse_count_].data;
  parallel_each(B, T * D, [=, T = T, D = D](std::size_t b) {
    inverse_count[b] = kernels::masked_mean(x + b * T * D, mask == nullptr ? nullptr : mask + b * T, y + b * D, T, D);
  });
}

void GlobalAveragePooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const auto [B, T, D] = sizes_of(call);
  const std::uint8_t* mask = call.mask().data;
  parallel_each(B, T * D, [&, T = T, D = D](std::size_t b) {
    float *dy = call.output_grad().data + b * D, *dx = call.input_grad().data + b * T * D;
    kernels::simd().scale(call[inverse_count_].data[b], dy, D);
    for (std::size_t t = 0; t < T; ++t, dx += D) {
      mask == nullptr || mask[b * T + t] != 0 ? std::copy_n(dy, D, dx) : std::fill_n(dx, D, 0.0f);
    }
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(GlobalAveragePooling1D)
