#include "xeras/layers/core/strip_mask.hpp"

namespace xeras::layers {

Spec StripMask::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  builder.ends_mask();
  Spec output = input;
  output.masked = false;
  return output;
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(StripMask)
