#include "text/splitter.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::text;

TEST_CASE("Splitter gives characters as code points, filters or not") {
  Splitter splitter("Tokenizer", {});
  std::vector<std::string> characters;
  splitter.each_character("A\u00f1. \u65e5", {}, [&](std::string_view c) { characters.emplace_back(c); });
  CHECK(characters == std::vector<std::string>{"a", "\u00f1", ".", " ", "\u65e5"});
}

TEST_CASE("Splitter leaves the text alone when there is nothing to do") {
  Splitter splitter("Tokenizer", {.lower = false});
  const std::string text = "A B";
  CHECK(splitter.prepare(text, {}).data() == text.data());
}

TEST_CASE("Splitter says which text, which token and which byte is not UTF-8") {
  Splitter splitter("Tokenizer", {});
  CHECK(message_of<InvalidInput>([&] { splitter.prepare("ab\xe4", {}); }) ==
        "Tokenizer: the text is not UTF-8 at byte 2 (0xE4); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  CHECK(message_of<InvalidInput>([&] { splitter.prepare("\xff", {.text = 3}); }) ==
        "Tokenizer: text 3 is not UTF-8 at byte 0 (0xFF); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  CHECK(message_of<InvalidInput>([&] { splitter.prepare("\xff", {.text = 3, .token = 5}); }) ==
        "Tokenizer: text 3, token 5 is not UTF-8 at byte 0 (0xFF); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
}
