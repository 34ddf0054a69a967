#include "xeras/layers/preprocessing/category_encoding.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("CategoryEncoding gives columns") {
  // The examples of Keras's documentation.
  Sequential hot{CategoryEncoding(4, {.output_mode = "one_hot"})};
  CHECK((hot.predict({3, 2, 0, 1}) == Tensor{{0, 0, 0, 1}, {0, 0, 1, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}}));
  Sequential many{CategoryEncoding(4, {.input_shape = {2}}), Dense(1)};
  CHECK(many.built());
  Sequential counts{CategoryEncoding(4, {.output_mode = "count"})};
  CHECK((counts.predict({{0, 1}, {3, 3}}) == Tensor{{1, 1, 0, 0}, {0, 0, 0, 2}}));
  Sequential one{CategoryEncoding(2, {.output_mode = "one_hot"})};
  CHECK(shape_of(one.predict({{0, 1, 1}})) == Shape({1, 3, 2}));
}

TEST_CASE("CategoryEncoding trains the layers behind it") {
  Sequential model{CategoryEncoding(3), Dense(1)};
  model.compile(optimizers::SGD({.learning_rate = 0.5}), "mse");
  const History history = model.fit({{0, 1}, {2, 2}}, {1, 0}, {.epochs = 30, .verbose = 0});
  CHECK(history["loss"].back() < 1e-3);
}

TEST_CASE("CategoryEncoding checks its arguments and ids") {
  CHECK(message_of<InvalidArgument>([] { CategoryEncoding(0); }) ==
        "CategoryEncoding: num_tokens is 0; expected 1 to 2147483647. It is the largest id + 1.");
  CHECK(message_of<InvalidArgument>([] { CategoryEncoding(2, {.output_mode = "int"}); }) ==
        "CategoryEncoding: output_mode \"int\" is unknown; expected one of the known names. Known: count, multi_hot, "
        "one_hot.");
  CHECK(message_of<InvalidArgument>([] { CategoryEncoding(2, {.sparse = true}); }) ==
        "CategoryEncoding: sparse is true; expected false, since arrays are dense. Leave it out.");
  Sequential model{CategoryEncoding(3)};
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{0, 1}, {2, -1}});
        }) ==
        "CategoryEncoding \"category_encoding\": id -1 in row 1; expected 0..2 (num_tokens 3). Set num_tokens to the "
        "largest id + 1.");
}
