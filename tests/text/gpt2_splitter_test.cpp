#include "text/gpt2_splitter.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace xeras::text;

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  each_gpt2_word(text, [&](std::string_view word) { result.emplace_back(word); });
  return result;
}

}  // namespace

// Expected: pre_tokenizers.ByteLevel of tokenizers 0.23.3, and the regular expression.
TEST_CASE("each_gpt2_word cuts where GPT-2's regular expression does") {
  using Words = std::vector<std::string>;
  CHECK(words("") == Words{});
  CHECK(words("Hello world, it's 2024!") == Words{"Hello", " world", ",", " it", "'s", " 2024", "!"});
  CHECK(words("we'll they're I'd 'S ''s") == Words{"we", "'ll", " they", "'re", " I", "'d", " '", "S", " ''", "s"});
  CHECK(words("a  b \n\n c  ") == Words{"a", " ", " b", " \n\n", " c", "  "});
  CHECK(words("a\nb\tc") == Words{"a", "\n", "b", "\t", "c"});
  CHECK(words("\u00e9t\u00e9\u00a0\u65e5\u672c \u0663\u00bd \u2028x") ==
        Words{"\u00e9t\u00e9", "\u00a0", "\u65e5\u672c", " \u0663\u00bd", " ", "\u2028", "x"});
  CHECK(words("x\u0301 \U0001F600'm") == Words{"x", "\u0301", " \U0001F600'", "m"});
}
