#include "xeras/layers/reshaping/reshape.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;

TEST_CASE("Reshape keeps the layer contract") {
  check_layer(Reshape({6, 2}), {.input = {2, 3, 4}, .output = {2, 6, 2}});
  check_layer(Reshape({-1}), {.input = {2, 3, 4}, .output = {2, 12}});
  check_layer(Reshape({2, -1}), {.input = {3, 8}, .output = {3, 2, 4}});
}

TEST_CASE("Reshape refuses target shapes that cannot be") {
  CHECK(message_of<InvalidArgument>([] {
          Reshape({-1, -1});
        }) ==
        "Reshape: target_shape is (-1, -1); expected up to 7 sizes >= 0, of which one may be -1. Leave the batch axis "
        "out.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Dense(6, {.input_shape = Shape{2}}), Reshape({4})};
        }) ==
        "layer 1 \"reshape\" (Reshape): input is (None, 6); expected 4 elements a sample for target_shape (4). Change "
        "target_shape, or use one -1.");
  Sequential model{Embedding(5, 2), Reshape({4, -1})};
  CHECK(
      message_of<InvalidInput>([&] {
        model.predict({{1, 2, 3}});
      }) ==
      "Reshape \"reshape\": a batch of shape (1, 3, 2); expected 4 elements a sample for target_shape (4, -1). Change "
      "the data, or use one -1.");
}
