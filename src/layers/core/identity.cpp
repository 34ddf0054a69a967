#include "xeras/layers/core/identity.hpp"

#include "layers/activation/elementwise.hpp"

namespace xeras::layers {

Spec Identity::build(const Spec& input, Builder& builder) { return build_elementwise(input, builder); }

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Identity)
