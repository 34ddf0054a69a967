#include "xeras/layers/core/strip_mask.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;

TEST_CASE("StripMask keeps the layer contract") {
  check_layer(StripMask(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .ends_mask = true});
}

TEST_CASE("StripMask lets a layer without mask support follow, which then sees padding") {
  Sequential model{Embedding(5, 2, {.embeddings_initializer = "ones", .mask_zero = true, .input_length = 3}),
                   StripMask(), Flatten()};
  const xt::xtensor<float, 2> expected{{1, 1, 1, 1, 1, 1}};
  CHECK((model.predict({{1, 0, 0}}) == expected));
}
