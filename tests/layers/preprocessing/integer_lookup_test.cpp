#include "xeras/layers/preprocessing/integer_lookup.hpp"

#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

using Integers = std::vector<std::int64_t>;

TEST_CASE("IntegerLookup gives the ids of integers") {
  // The examples of Keras's documentation.
  Sequential model{IntegerLookup({.vocabulary = {12, 36, 1138, 42}})};
  CHECK((model.predict({{12, 1138, 42}, {42, 1000, 36}}) == Tensor{{1, 3, 4}, {4, 0, 2}}));
  IntegerLookup adapted;
  adapted.adapt({{12, 1138, 42}, {42, 1000, 36}});
  CHECK(adapted.get_vocabulary() == Integers{-1, 42, 1138, 1000, 36, 12});
  CHECK(adapted.get_vocabulary(false) == Integers{42, 1138, 1000, 36, 12});
  const std::vector<int> ids{0, 1, 9};
  CHECK(adapted.words_of(ids) == Integers{-1, 42, -1});
}

TEST_CASE("IntegerLookup takes integers of any width, and of another layer") {
  const std::vector<std::int64_t> large{std::int64_t{1} << 40, -7};
  IntegerLookup layer;
  layer.adapt(large);
  Sequential model{layer};
  CHECK((model.predict(large) == Tensor{1, 2}));
  Sequential chain{StringLookup({.vocabulary = {"a", "b"}}),
                   IntegerLookup({.vocabulary = {2}, .output_mode = "one_hot"})};
  CHECK((chain.predict({{"b"}, {"a"}}) == Tensor{{0, 1}, {1, 0}}));
}

TEST_CASE("IntegerLookup reads a file") {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "numbers.txt") << "-1\n12\n36\n";
  CHECK(IntegerLookup({.vocabulary = folder / "numbers.txt"}).get_vocabulary() == Integers{-1, 12, 36});
  std::ofstream(folder / "wrong.txt") << "12\n1x\n";
  CHECK(message_of<FileError>([&] { IntegerLookup({.vocabulary = folder / "wrong.txt"}); }) ==
        "IntegerLookup: " + folder / "wrong.txt" + ": line 2 is \"1x\"; expected an integer. Correct the file.");
}

TEST_CASE("IntegerLookup checks its arguments and data") {
  const auto message = [](IntegerLookupOptions options) {
    return message_of<InvalidArgument>([&] { IntegerLookup layer(options); });
  };
  CHECK(message({.vocabulary_dtype = "int32"}) ==
        "IntegerLookup: vocabulary_dtype is \"int32\"; expected \"int64\". Leave it out.");
  CHECK(message({.oov_method = "modulo"}) ==
        "IntegerLookup: oov_method \"modulo\" is unknown; expected one of the known names. Known: farmhash, floormod.");
  CHECK(message({.salt = 1}) ==
        "IntegerLookup: salt with oov_method = \"floormod\"; expected it with \"farmhash\" only. Leave one out.");
  CHECK(message({.vocabulary = {3, 4, 3}}) ==
        "IntegerLookup: the vocabulary has 3 twice; expected each word once. Leave one out.");
  CHECK(message_of<InvalidInput>([] { IntegerLookup().adapt({"a"}); }) ==
        "IntegerLookup: adapt got texts; expected integers. Pass a vector of them.");
  Sequential known{IntegerLookup({.num_oov_indices = 0, .vocabulary = {3}})};
  CHECK(message_of<InvalidInput>([&] {
          known.predict({{3}, {4}});
        }) ==
        "IntegerLookup \"integer_lookup\": 4 in row 1 is not in the vocabulary; expected known words only, since "
        "num_oov_indices is 0. Set num_oov_indices = 1 for an id of unknown words.");
}
