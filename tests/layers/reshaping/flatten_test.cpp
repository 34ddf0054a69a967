#include "xeras/layers/reshaping/flatten.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;

TEST_CASE("Flatten keeps the layer contract") {
  check_layer(Flatten(), {.input = {2, 3, 4}, .output = {2, 12}});
  check_layer(Flatten(), {.input = {2, 3}, .output = {2, 3}});
}

TEST_CASE("Flatten of a length that is not known yet has the data's size when it runs") {
  Sequential model{Embedding(5, 2, {.embeddings_initializer = "ones"}), Flatten()};
  CHECK(shape_of(model.predict({{1, 2, 3}})) == Shape({1, 6}));
  CHECK(shape_of(model.predict({{1}})) == Shape({1, 2}));
}
