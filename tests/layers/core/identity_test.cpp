#include "xeras/layers/core/identity.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using xeras::testing::check_layer;

TEST_CASE("Identity keeps the layer contract") {
  check_layer(layers::Identity(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
}

TEST_CASE("Identity hands on what comes") {
  const Sequential model{layers::Identity({.input_shape = {2}})};
  const xt::xtensor<float, 2> x{{1, -2}};
  CHECK((model.predict(x) == x));
}
