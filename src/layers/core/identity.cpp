#include "xeras/layers/core/identity.hpp"

namespace xeras::layers {

Spec Identity::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  builder.step_by_step();
  return input;
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Identity)
