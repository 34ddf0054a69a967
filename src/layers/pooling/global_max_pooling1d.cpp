#include "xeras/layers/pooling/global_max_pooling1d.hpp"

#include <algorithm>

#include "kernels/simd.hpp"
#include "layers/parallel_each.hpp"
#include "layers/pooling/global_pooling.hpp"

namespace xeras::layers {

Spec GlobalMaxPooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  builder.uses_mask();
  winner_ = builder.saved({input.shape[0], input.last()});
  builder.ignores_masked_steps();
  return global_pooling_output(input, config().keepdims);
}

void GlobalMaxPooling1D::forward(const Call& call) const {
  const auto [B, T, D] = sizes_of(call);
  const std::uint8_t* mask = call.mask().data;
  parallel_each(B, T * D, [&, T = T, D = D](std::size_t b) {
    const float* x = call.input().data + b * T * D;
    float* y = call.output().data + b * D;
    std::int32_t* winner = call.integers(winner_).data + b * D;
    std::fill_n(y, D, 0.0f);
    std::fill_n(winner, D, -1);
    if (mask == nullptr) return kernels::simd().max_rows(x, T, D, 0, y, winner);
    for (std::size_t t = 0; t < T; ++t) {
      if (mask[b * T + t] == 0) continue;
      kernels::simd().max_rows(x + t * D, 1, D, static_cast<std::int32_t>(t), y, winner);
    }
  });
}

void GlobalMaxPooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const auto [B, T, D] = sizes_of(call);
  parallel_for(B, T * D, [&, T = T, D = D](std::size_t begin, std::size_t end) {
    float* dx = call.input_grad().data;
    std::fill(dx + begin * T * D, dx + end * T * D, 0.0f);
    for (std::size_t i = begin * D; i < end * D; ++i) {
      const std::int32_t t = call.integers(winner_).data[i];
      if (t >= 0) dx[(i / D * T + static_cast<std::size_t>(t)) * D + i % D] = call.output_grad().data[i];
    }
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(GlobalMaxPooling1D)
