#include "xeras/layers/core/masking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/checked.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

Spec Masking::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  if (!is_finite_float(config().mask_value)) {
    throw InvalidArgument(
        fmt::format("{}: mask_value is {}; expected a finite number. A step is masked if all its features equal it.",
                    builder.who(), config().mask_value));
  }
  builder.makes_mask();
  Spec output = input;
  output.masked = true;
  return output;
}

void Masking::forward(const Call& call) const {
  const ConstView x = call.input();  // (B, T, D)
  const std::span<std::uint8_t> mask = call.make_mask();
  const std::int64_t D = x.extents.last();
  const auto value = static_cast<float>(config().mask_value);
  for (std::size_t step = 0; step < mask.size(); ++step) {
    const float* from = x.data + static_cast<std::int64_t>(step) * D;
    float* to = call.output().data + static_cast<std::int64_t>(step) * D;
    mask[step] = std::any_of(from, from + D, [&](float feature) { return feature != value; });
    mask[step] != 0 ? std::copy_n(from, D, to) : std::fill_n(to, D, 0.0f);
  }
}

void Masking::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const View dx = call.input_grad();
  const std::int64_t D = dx.extents.last();
  const auto value = static_cast<float>(config().mask_value);
  for (std::int64_t step = 0; step < dx.extents.row_count(); ++step) {
    const float* x = call.input().data + step * D;
    const bool kept = std::any_of(x, x + D, [&](float feature) { return feature != value; });
    for (std::int64_t d = 0; d < D; ++d) dx.data[step * D + d] = kept ? call.output_grad().data[step * D + d] : 0.0f;
  }
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Masking)
