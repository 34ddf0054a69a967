#include "xeras/layers/preprocessing/hashing.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("Hashing gives bins, of strings and of integers") {
  // farmhash64("a") is 12917804110809363939, and that of "abcd" 1897425971756105985 (see farm_hash_test.cpp).
  Sequential model{Hashing(1000)};
  CHECK((model.predict({{"a", "abcd"}}) == Tensor{{939, 985}}));
  Sequential masked{Hashing(1001, {.mask_value = "a"})};
  CHECK((masked.predict({{"a", "abcd"}}) == Tensor{{0, 986}}));
  Sequential integers{Hashing(3), Embedding(3, 2), GlobalAveragePooling1D()};
  CHECK(integers.predict({{12, 7}, {1, 2}}).shape(1) == 2);
  Sequential text{Hashing(100003)}, number{Hashing(100003)};
  CHECK((text.predict({{"-12", "255"}}) == number.predict({{-12, 255}})));
}

TEST_CASE("Hashing checks its arguments and input") {
  CHECK(message_of<InvalidArgument>([] { Hashing(0); }) ==
        "Hashing: num_bins is 0; expected 1 to 2147483647. More bins make it rarer that words share one.");
  CHECK(message_of<InvalidArgument>([] { Hashing(3, {.output_mode = "tf_idf"}); }) ==
        "Hashing: output_mode \"tf_idf\" is unknown; expected one of the known names. Known: count, int, multi_hot, "
        "one_hot.");
  CHECK(message_of<InvalidArgument>([] { Hashing(3, {.sparse = true}); }) ==
        "Hashing: sparse is true; expected false, since arrays are dense. Leave it out.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Dense(2, {.input_shape = {2}}), Hashing(3)};
        }) ==
        "layer 1 \"hashing\" (Hashing): input is floats; expected strings or integers. Put the layer first, or behind "
        "one "
        "that gives ids.");
  Sequential model{Hashing(3, {.mask_value = "a"})};
  CHECK(message_of<ShapeError>([&] {
          model.predict({{1, 2}});
        }) ==
        "layer 0 \"hashing\" (Hashing): input is integers and mask_value is \"a\"; expected one kind. Correct "
        "mask_value.");
}
