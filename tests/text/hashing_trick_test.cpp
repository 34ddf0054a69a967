#include "xeras/text/hashing_trick.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::text::hashing_trick;
using xeras::text::one_hot;
using Ids = std::vector<int>;

// Expected: keras-preprocessing 1.1.2.
TEST_CASE("hashing_trick with md5 gives the ids of Keras") {
  const char* const text = "The quick, brown Fox; \u00c5NGSTR\u00d6M \u65e5\u672c\u8a9e";
  CHECK(hashing_trick("The quick fox", 1000, {.hash_function = "md5"}) == Ids{132, 454, 641});
  CHECK(hashing_trick(text, std::int64_t{1} << 31, {.hash_function = "md5"}) ==
        Ids{1469977283, 155703104, 270260295, 758450669, 4820463, 452534527});
  CHECK(hashing_trick(text, 2, {.hash_function = "md5"}) == Ids{1, 1, 1, 1, 1, 1});
  CHECK(hashing_trick("The-quick, brown", 97, {.hash_function = "md5", .filters = ",", .lower = false, .split = "-"}) ==
        Ids{63, 91, 8});
}

// Expected: the ids of keras-preprocessing with FNV-1a, written in Python, as hash_function.
TEST_CASE("hashing_trick and one_hot hash by FNV-1a") {
  CHECK(hashing_trick("The quick fox \u00e5ngstr\u00f6m", 1000) == Ids{355, 572, 492, 815});
  CHECK(one_hot("The quick fox \u00c5ngstr\u00f6m", 1000) == Ids{355, 572, 492, 815});
  CHECK(one_hot("", 1000).empty());
}

TEST_CASE("hashing_trick takes your own hash function and analyzer") {
  CHECK(hashing_trick("a bb ccc", 3, {.hash_function = [](const std::string& word) {
                        return std::uint64_t{word.size()};
                      }}) == Ids{2, 1, 2});
  // int(md5("abc")) % 9 + 1 and that of "abcx", in Python.
  const auto analyzer = [](const std::string& text) { return std::vector<std::string>{text, text + "x"}; };
  CHECK(hashing_trick("abc", 10, {.hash_function = "md5", .analyzer = analyzer}) == Ids{8, 8});
  CHECK(one_hot("Abc", 10, {.analyzer = analyzer}).size() == 2);
}

TEST_CASE("hashing_trick refuses invalid options and texts") {
  CHECK(message_of<InvalidArgument>([] { hashing_trick("a", 1); }) ==
        "hashing_trick: n is 1; expected 2 to 2^31. It is the size of the hash space: the ids are 1 to n - 1.");
  CHECK(message_of<InvalidArgument>([] { one_hot("a", (std::int64_t{1} << 31) + 1); }) ==
        "one_hot: n is 2147483649; expected 2 to 2^31. It is the size of the hash space: the ids are 1 to n - 1.");
  CHECK(message_of<InvalidArgument>([] { hashing_trick("a", 9, {.hash_function = "md4"}); }) ==
        "hashing_trick: hash_function \"md4\" is unknown; did you mean \"md5\"? Known: fnv1a, md5.");
  CHECK(message_of<InvalidInput>([] { hashing_trick("gr\xfc", 9); }) ==
        "hashing_trick: the text is not UTF-8 at byte 2 (0xFC); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  CHECK(hashing_trick("gr\xfc", 1000, {.errors = "replace"}) == hashing_trick("gr\ufffd", 1000));
}
