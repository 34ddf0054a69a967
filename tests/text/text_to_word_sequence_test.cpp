#include "xeras/text/text_to_word_sequence.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::text::text_to_word_sequence;
using Words = std::vector<std::string>;

// Expected: keras-preprocessing 1.1.2 with Python 3.11, unless it is plain to see.

TEST_CASE("text_to_word_sequence lowers, filters and splits, and keeps the apostrophe") {
  CHECK(text_to_word_sequence("Don't panic: it's (only) a TEST!\n\t...") ==
        Words{"don't", "panic", "it's", "only", "a", "test"});
  CHECK(text_to_word_sequence("").empty());
  CHECK(text_to_word_sequence(" .,; ").empty());
}

TEST_CASE("text_to_word_sequence separates at nothing but split and filters") {
  CHECK(text_to_word_sequence("x\u00a0y\rz\tw\v") == Words{"x\u00a0y\rz", "w\v"});
  CHECK(text_to_word_sequence("a b,c", {.filters = ""}) == Words{"a", "b,c"});
  CHECK(text_to_word_sequence("a b,c", {.split = ","}) == Words{"a b", "c"});
}

TEST_CASE("text_to_word_sequence replaces each filtered character by the whole of split, then splits") {
  CHECK(text_to_word_sequence("a-b!c", {.filters = "!", .split = "--"}) == Words{"a-b", "c"});
  CHECK(text_to_word_sequence("a-!b", {.filters = "!", .split = "--"}) == Words{"a", "-b"});
}

TEST_CASE("text_to_word_sequence takes options of any script") {
  CHECK(text_to_word_sequence("a\u3001b\u3002c", {.filters = "\u3002", .split = "\u3001"}) == Words{"a", "b", "c"});
  CHECK(text_to_word_sequence("AB a", {.filters = "A"}) == Words{"ab", "a"});  // lower case comes first
  CHECK(text_to_word_sequence("AB a", {.filters = "A", .lower = false}) == Words{"B", "a"});
  CHECK(text_to_word_sequence("\u0130x", {.filters = "\u0307"}) == Words{"i", "x"});
}

TEST_CASE("text_to_word_sequence raises at bytes that are not UTF-8, or replaces them") {
  CHECK(message_of<InvalidInput>([] { text_to_word_sequence("caf\xe9"); }) ==
        "text_to_word_sequence: the text is not UTF-8 at byte 3 (0xE9); expected valid UTF-8. Convert it, or set "
        "errors = \"replace\".");
  CHECK(text_to_word_sequence("Caf\xe9 noir", {.errors = "replace"}) == Words{"caf\ufffd", "noir"});
}

TEST_CASE("text_to_word_sequence refuses options that cannot be") {
  CHECK(message_of<InvalidArgument>([] { text_to_word_sequence("a", {.split = ""}); }) ==
        "text_to_word_sequence: split is \"\"; expected what separates words, such as \" \". For characters instead of "
        "words use a Tokenizer with char_level = true.");
  CHECK(
      message_of<InvalidArgument>([] { text_to_word_sequence("a", {.errors = "ignore"}); }) ==
      "text_to_word_sequence: errors \"ignore\" is unknown; expected one of the known names. Known: replace, strict.");
  CHECK(message_of<InvalidArgument>([] { text_to_word_sequence("a", {.filters = ".\xe9"}); }) ==
        "text_to_word_sequence: filters is not UTF-8 at byte 1 (0xE9); expected valid UTF-8. Save the source file as "
        "UTF-8.");
}
