#include "xeras/layers/pooling/global_average_pooling1d.hpp"

#include <algorithm>

#include "kernels/simd.hpp"
#include "layers/pooling/global_pooling.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

Spec GlobalAveragePooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  builder.uses_mask();
  inverse_count_ = builder.saved({None});
  return global_pooling_output(input, config().keepdims);
}

void GlobalAveragePooling1D::output_extents(const Extents& input, Extents& output) const {
  output[output.rank() - 1] = input.last();
}

void GlobalAveragePooling1D::forward(const Call& call) const {
  const Extents& x = call.input().extents;  // (B, T, D)
  kernels::simd().masked_mean(call.input().data, call.mask().data, call.output().data, call[inverse_count_].data,
                              static_cast<std::size_t>(x[0]), static_cast<std::size_t>(x[1]),
                              static_cast<std::size_t>(x[2]));
}

void GlobalAveragePooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const View dx = call.input_grad();
  const auto [B, T, D] = std::array{dx.extents[0], dx.extents[1], dx.extents[2]};
  const float* scale = call[inverse_count_].data;
  const std::uint8_t* mask = call.mask().data;
  for (std::int64_t b = 0; b < B; ++b) {
    float* dy = call.output_grad().data + b * D;
    kernels::simd().scale(scale[b], dy, static_cast<std::size_t>(D));
    for (std::int64_t t = 0; t < T; ++t) {
      float* to = dx.data + (b * T + t) * D;
      if (mask == nullptr || mask[b * T + t] != 0) {
        std::copy_n(dy, D, to);
      } else {
        std::fill_n(to, D, 0.0f);
      }
    }
  }
}

}  // namespace xeras::layers
