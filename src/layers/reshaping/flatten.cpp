#include "xeras/layers/reshaping/flatten.hpp"

namespace xeras::layers {

Spec Flatten::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  const Shape sample = input.shape.without_batch();
  return {{input.shape[0], sample.known() ? Dim(sample.size()) : Dim(None)}};
}

void Flatten::output_extents(const Extents& input, Extents& output) const {
  output[1] = 1;
  for (std::size_t axis = 1; axis < input.rank(); ++axis) output[1] *= input[axis];
}

}  // namespace xeras::layers

XERAS_COMPILE_LAYER(Flatten)
