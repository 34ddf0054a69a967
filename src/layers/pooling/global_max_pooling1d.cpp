#include "xeras/layers/pooling/global_max_pooling1d.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "layers/pooling/global_pooling.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

Spec GlobalMaxPooling1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  builder.uses_mask();
  winner_ = builder.saved({None, input.last()});
  return global_pooling_output(input, config().keepdims);
}

void GlobalMaxPooling1D::output_extents(const Extents& input, Extents& output) const {
  output[output.rank() - 1] = input.last();
}

void GlobalMaxPooling1D::forward(const Call& call) const {
  const Extents& x = call.input().extents;
  const auto [B, T, D] = std::array{x[0], x[1], x[2]};
  const std::uint8_t* mask = call.mask().data;
  std::int32_t* winner = call.operator[]<std::int32_t>(winner_).data;
  std::fill_n(winner, B * D, -1);
  std::fill_n(call.output().data, B * D, 0.0f);
  for (std::int64_t b = 0; b < B; ++b) {
    float* y = call.output().data + b * D;
    for (std::int64_t t = 0; t < T; ++t) {
      if (mask != nullptr && mask[b * T + t] == 0) continue;
      const float* row = call.input().data + (b * T + t) * D;
      for (std::int64_t d = 0; d < D; ++d) {
        // A NaN wins, and nothing is larger than it, so that it shows.
        if (winner[b * D + d] < 0 || row[d] > y[d] || (std::isnan(row[d]) && !std::isnan(y[d]))) {
          y[d] = row[d];
          winner[b * D + d] = static_cast<std::int32_t>(t);
        }
      }
    }
  }
}

void GlobalMaxPooling1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const View dx = call.input_grad();
  const auto [B, T, D] = std::array{dx.extents[0], dx.extents[1], dx.extents[2]};
  const std::int32_t* winner = call.operator[]<std::int32_t>(winner_).data;
  std::fill_n(dx.data, dx.size(), 0.0f);
  for (std::int64_t b = 0; b < B; ++b) {
    for (std::int64_t d = 0; d < D; ++d) {
      const std::int32_t t = winner[b * D + d];
      if (t >= 0) dx.data[(b * T + t) * D + d] = call.output_grad().data[b * D + d];
    }
  }
}

}  // namespace xeras::layers
