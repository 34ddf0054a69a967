#include "xeras/layers/reshaping/flatten.hpp"

namespace xeras::layers {

Spec Flatten::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  Dim features = 1;
  for (std::size_t axis = 1; axis < input.shape.rank(); ++axis) features = features * input.shape[axis];
  return {{input.shape[0], features}};
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Flatten)
