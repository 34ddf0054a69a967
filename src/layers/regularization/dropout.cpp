#include "xeras/layers/regularization/dropout.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

Dropout::Dropout(DropoutConfig config) : LayerWith(std::move(config)) {
  if (!(this->config().rate >= 0.0 && this->config().rate <= 1.0)) {
    throw InvalidArgument(
        fmt::format("{}: rate is {}; expected a fraction in [0, 1]. "
                    "It is the share of elements that are set to 0.",
                    who(), this->config().rate));
  }
}

Spec Dropout::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  const Shape& noise = options().noise_shape;
  bool fits = noise.rank() == 0 || noise.rank() == input.shape.rank();
  for (std::size_t axis = 0; fits && axis < noise.rank(); ++axis) {
    fits = !noise[axis].known() || noise[axis] == Dim(1) || noise[axis] == input.shape[axis];
  }
  if (!fits) {
    throw ShapeError(
        fmt::format("{}: noise_shape is {} and input is {}; expected as many axes, each None, 1 or the "
                    "input's size. Write the batch axis as None.",
                    builder.who(), noise.to_string(), input.shape.to_string()));
  }
  return input;
}

// The draws are made again in backward instead of being kept: they follow from the stream and the position.
void Dropout::apply(const Call& call, const float* from, float* to) const {
  const RandomStream stream = call.random(options().seed);
  const double rate = config().rate;
  const auto scale = rate < 1.0 ? static_cast<float>(1.0 / (1.0 - rate)) : 0.0f;
  const Extents& extents = call.output().extents;
  const Shape& noise = options().noise_shape;
  const std::int64_t size = extents.size();
  if (noise.rank() == 0) {
    for (std::int64_t i = 0; i < size; ++i) {
      to[i] = stream.uniform(static_cast<std::uint64_t>(i)) < rate ? 0.0f : from[i] * scale;
    }
    return;
  }
  for (std::int64_t i = 0; i < size; ++i) {
    std::int64_t rest = i;
    std::int64_t draw = 0;
    std::int64_t stride = 1;
    for (std::size_t axis = extents.rank(); axis-- > 0;) {
      const bool shared = noise[axis] == Dim(1);
      draw += shared ? 0 : rest % extents[axis] * stride;
      stride *= shared ? 1 : extents[axis];
      rest /= extents[axis];
    }
    to[i] = stream.uniform(static_cast<std::uint64_t>(draw)) < rate ? 0.0f : from[i] * scale;
  }
}

void Dropout::forward(const Call& call) const { apply(call, call.input().data, call.output().data); }

void Dropout::backward(const BackwardCall& call) const {
  if (call.wants_input_grad()) apply(call, call.output_grad().data, call.input_grad().data);
}

}  // namespace xeras::layers
