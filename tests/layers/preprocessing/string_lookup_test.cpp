#include "xeras/layers/preprocessing/string_lookup.hpp"

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

using Words = std::vector<std::string>;

TEST_CASE("StringLookup gives the ids of words") {
  // The examples of Keras's documentation.
  Sequential model{StringLookup({.vocabulary = {"a", "b", "c", "d"}})};
  CHECK((model.predict({{"a", "c", "d"}, {"d", "z", "b"}}) == Tensor{{1, 3, 4}, {4, 0, 2}}));
  Sequential two{StringLookup({.num_oov_indices = 2, .vocabulary = {"a", "b", "c", "d"}})};
  CHECK((two.predict({{"a", "c", "d"}, {"m", "z", "b"}}) == Tensor{{2, 4, 5}, {0, 1, 3}}));
  StringLookup adapted;
  adapted.adapt({{"a", "c", "d"}, {"d", "z", "b"}});
  CHECK(adapted.get_vocabulary() == Words{"[UNK]", "d", "z", "c", "b", "a"});
}

TEST_CASE("StringLookup takes single words, and is built by input_shape or by data") {
  Sequential flat{StringLookup({.vocabulary = {"a", "b"}})};
  CHECK((flat.predict({"b", "x"}) == Tensor{2, 0}));
  Sequential given{StringLookup({.vocabulary = {"a", "b"}, .input_shape = {2}}), Embedding(3, 4), Flatten(), Dense(1)};
  CHECK(given.built());
  CHECK(given.predict({{"a", "b"}}).size() == 1);
  Sequential input{InputLayer({2}, {.dtype = "string"}), StringLookup({.vocabulary = {"a", "b"}})};
  CHECK((input.predict({{"a", "b"}}) == Tensor{{1, 2}}));
}

TEST_CASE("StringLookup gives columns") {
  const StringLookup layer({.mask_token = "", .vocabulary = {"a", "b"}, .output_mode = "count"});
  Sequential model{layer};
  CHECK((model.predict({{"a", "a", ""}, {"x", "b", ""}}) == Tensor{{0, 2, 0}, {1, 0, 1}}));
  CHECK(layer.get_vocabulary() == Words{"[UNK]", "a", "b"});  // the mask has no column
  Sequential single{StringLookup({.vocabulary = {"a", "b"}, .output_mode = "count"})};
  CHECK(message_of<ShapeError>([&] {
          single.predict({"a", "b"});
        }) ==
        "layer 0 \"string_lookup\" (StringLookup): input is (None,); expected (None, n), n elements for each sample, "
        "which "
        "share a row of columns. Give (None, 1) for single elements, or use output_mode = \"one_hot\".");
}

TEST_CASE("StringLookup gives the words of ids") {
  const StringLookup layer({.mask_token = "", .vocabulary = {"a", "b"}});
  const std::vector<int> ids{0, 1, 2, 3, 4, -1};
  CHECK(layer.words_of(ids) == Words{"", "[UNK]", "a", "b", "[UNK]", "[UNK]"});
}

TEST_CASE("StringLookup allocates no memory in a warm predict") {
  const std::vector<std::vector<std::string>> rows(100, {"a", "b", "unknown"});
  const Input x = rows;
  for (const char* mode : {"int", "one_hot", "count"}) {
    Sequential model{StringLookup({.num_oov_indices = 3, .vocabulary = {"a", "b"}, .output_mode = mode})};
    Tensor result;
    for (int i = 0; i < 3; ++i) model.predict(x, result);
    const testing::AllocationCounter allocations;
    model.predict(x, result);
    CHECK(allocations.count() == 0);
  }
}

TEST_CASE("StringLookup checks its arguments and data") {
  const auto message = [](StringLookupOptions options) {
    return message_of<InvalidArgument>([&] { StringLookup layer(options); });
  };
  CHECK(message({.invert = true}) ==
        "StringLookup: invert is true; expected false, since a model gives numbers. Call words_of(ids) for the strings "
        "of "
        "ids.");
  CHECK(message({.sparse = true}) ==
        "StringLookup: sparse is true; expected false, since arrays are dense. Leave it out.");
  CHECK(message({.encoding = "ascii"}) ==
        "StringLookup: encoding is \"ascii\"; expected \"utf-8\". Convert the strings.");
  CHECK(message({.num_oov_indices = -1}) == "StringLookup: num_oov_indices is -1; expected 0 to 16777216. 1 is usual.");
  CHECK(message({.max_tokens = 2, .num_oov_indices = 3}) ==
        "StringLookup: max_tokens is 2; expected at least 3, the ids of the mask token and of unknown words. They "
        "count as "
        "tokens.");
  CHECK(message({.vocabulary_size = -1}) ==
        "StringLookup: vocabulary_size is -1; expected 0 to 2147483647. Leave it out.");
  Sequential known{StringLookup({.num_oov_indices = 0, .vocabulary = {"a", "b"}})};
  CHECK(message_of<InvalidInput>([&] {
          known.predict({{"a", "b"}, {"a", "c"}});
        }) ==
        "StringLookup \"string_lookup\": \"c\" in row 1 is not in the vocabulary; expected known words only, since "
        "num_oov_indices is 0. Set num_oov_indices = 1 for an id of unknown words.");
  Sequential empty{StringLookup()};
  CHECK(
      message_of<Error>([&] { empty.predict({"a"}); }) ==
      "StringLookup \"string_lookup\": has no vocabulary; expected one before the layer is used. Call adapt with data, "
      "or set_vocabulary, or give .vocabulary.");
}
