#include "xeras/text/byte_pair_tokenizer.hpp"

#include <map>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/small_tokenizers.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::testing::all_bytes;
using xeras::text::BytePairTokenizer;
using xeras::text::BytePairTokenizerOptions;
using Ids = std::vector<int>;
using Sequences = std::vector<Ids>;
using Texts = std::vector<std::string>;

namespace {

const Texts merges{"b u", "t t", "e r", "bu tt", "butt er", "f l", "fl y"};

// The example of keras_hub: all tokens of the merges, sorted.
std::vector<std::pair<std::string, int>> example_vocabulary() {
  std::map<std::string, int> tokens;
  for (const std::string& merge : merges) {
    const std::string left = merge.substr(0, merge.find(' ')), right = merge.substr(merge.find(' ') + 1);
    for (const std::string& token : {left, right, left + right}) tokens[token] = 0;
  }
  std::vector<std::pair<std::string, int>> result;
  for (const auto& [token, unused] : tokens) result.emplace_back(token, static_cast<int>(result.size()));
  return result;
}

}  // namespace

TEST_CASE("BytePairTokenizer gives the ids of keras_hub's example") {
  const BytePairTokenizer tokenizer(example_vocabulary(), merges);
  CHECK(tokenizer.tokenize("butterfly") == Ids{3, 8});
  CHECK(tokenizer.tokenize({"butterfly", "butter"}) == Sequences{{3, 8}, {3}});
  CHECK(tokenizer.detokenize({3, 8}) == "butterfly");
  CHECK(tokenizer.detokenize({{3, 8}, {3}}) == Texts{"butterfly", "butter"});
  const BytePairTokenizer of_two(example_vocabulary(), merges, {.sequence_length = 2});
  CHECK(of_two.tokenize({"butterfly", "butter", "butterflyfly", ""}) == Sequences{{3, 8}, {3, 0}, {3, 8}, {0, 0}});
}

TEST_CASE("BytePairTokenizer restores every text") {
  const BytePairTokenizer tokenizer(all_bytes(), {});
  for (const std::string text : {"", " a  b\n", "\u65e5\u672c \U0001F600"}) {
    const Ids ids = tokenizer.tokenize(text);
    CHECK(ids.size() == text.size());
    CHECK(tokenizer.detokenize(ids) == text);
  }
  CHECK(tokenizer.detokenize({0xE6, 0x97, 'a'}) == "\ufffda");  // ends within a character
}

TEST_CASE("BytePairTokenizer finds unsplittable tokens first, the longest of several") {
  const BytePairTokenizer tokenizer(all_bytes({"<|x|>", "<|x|>y", "zz"}), {"z z"},
                                    {.add_prefix_space = true, .unsplittable_tokens = {"<|x|>", "<|x|>y"}});
  CHECK(tokenizer.tokenize("zz<|x|>zz<|x|>y") == Ids{' ', 258, 256, ' ', 258, 257});
  CHECK(tokenizer.detokenize({258, 256, 257}) == "zz<|x|><|x|>y");
}

TEST_CASE("BytePairTokenizer knows its tokens") {
  const BytePairTokenizer tokenizer({{"b", 7}, {"a", 2}, {"ab", 30}}, {"a b"});
  CHECK(tokenizer.vocabulary_size() == 3);
  CHECK(tokenizer.get_vocabulary() == Texts{"a", "b", "ab"});
  CHECK(tokenizer.id_to_token(30) == "ab");
  CHECK(tokenizer.token_to_id("b") == 7);
  CHECK(tokenizer.tokenize("bab") == Ids{7, 30});
  CHECK(message_of<InvalidArgument>([&] { tokenizer.id_to_token(0); }) ==
        "BytePairTokenizer: id_to_token got id 0; expected an id of the vocabulary, whose largest is 30. Does it come "
        "from another tokenizer?");
  CHECK(message_of<InvalidArgument>([&] { tokenizer.token_to_id("c"); }) ==
        "BytePairTokenizer: token_to_id got \"c\"; expected a token of the vocabulary. get_vocabulary() lists them.");
  CHECK(message_of<InvalidInput>([&] {
          tokenizer.detokenize({{2}, {7, 8}});
        }) ==
        "BytePairTokenizer: detokenize got id 8 in sequence 1, step 1; expected an id of the vocabulary, whose largest "
        "is "
        "30. Do the ids come from another tokenizer?");
}

TEST_CASE("BytePairTokenizer names the byte that its vocabulary lacks") {
  const BytePairTokenizer tokenizer({{"a", 0}}, {});
  CHECK(
      message_of<InvalidInput>([&] {
        tokenizer.tokenize({"a", "aa b"});
      }) ==
      "BytePairTokenizer: text 1 has the byte 0x20, whose token \"\u0120\" the vocabulary lacks; expected a vocabulary "
      "with all 256 bytes. Train it with these as the initial alphabet.");
  CHECK(tokenizer.tokenize("aaa") == Ids{0, 0, 0});
}

TEST_CASE("BytePairTokenizer defines bytes that are not UTF-8") {
  CHECK(message_of<InvalidInput>([] {
          BytePairTokenizer(all_bytes(), {}).tokenize({"a", "b\xff"});
        }) ==
        "BytePairTokenizer: text 1 is not UTF-8 at byte 1 (0xFF); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  CHECK(message_of<InvalidInput>([] { BytePairTokenizer(all_bytes(), {}).tokenize("\xff"); }) ==
        "BytePairTokenizer: the text is not UTF-8 at byte 0 (0xFF); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  const BytePairTokenizer tolerant(all_bytes(), {}, {.errors = "replace"});
  CHECK(tolerant.tokenize("b\xff") == Ids{'b', 0xEF, 0xBF, 0xBD});
}

TEST_CASE("BytePairTokenizer refuses invalid vocabularies, merges and options") {
  using Vocabulary = std::vector<std::pair<std::string, int>>;
  const auto message = [](const Vocabulary& vocabulary, const Texts& rules, const BytePairTokenizerOptions& options) {
    return message_of<InvalidArgument>([&] { BytePairTokenizer(vocabulary, rules, options); });
  };
  CHECK(message({}, {}, {}) ==
        "BytePairTokenizer: the vocabulary is empty; expected at least one token. Was the right file read?");
  CHECK(message({{"a", -1}}, {}, {}) ==
        "BytePairTokenizer: the token \"a\" has id -1; expected 0 or more. Number the tokens from 0.");
  CHECK(message({{"a", 0}, {"a", 1}}, {}, {}) ==
        "BytePairTokenizer: the token \"a\" has ids 0 and 1; expected each token once. Remove one of them.");
  CHECK(message({{"a", 0}, {"b", 0}}, {}, {}) ==
        "BytePairTokenizer: the tokens \"a\" and \"b\" have the same id, 0; expected an id for each. Renumber them.");
  CHECK(message({{"\xff", 0}}, {}, {}) ==
        "BytePairTokenizer: the token with id 0 is not UTF-8; expected valid UTF-8. Convert the vocabulary.");
  CHECK(
      message({{"a", 0}, {"b", 1}}, {"a b"}, {}) ==
      "BytePairTokenizer: merge 0, \"a b\", needs the token \"ab\", which the vocabulary lacks; expected it there. Do "
      "the vocabulary and the merges belong together?");
  for (const std::string merge : {"ab", " b", "a ", "a b c", ""}) {
    CHECK(message({{"a", 0}, {"b", 1}}, {merge}, {}) ==
          "BytePairTokenizer: merge 0 is \"" + merge +
              "\"; expected two tokens with a space between them, such as \"t h\". Spell spaces within tokens as "
              "\"\u0120\".");
  }
  CHECK(message({{"a", 0}}, {}, {.sequence_length = 0}) ==
        "BytePairTokenizer: sequence_length is 0; expected 1 to 2^31. Leave it out to keep the length of each text.");
  CHECK(message({{"a", 0}}, {}, {.unsplittable_tokens = {"<s>"}}) ==
        "BytePairTokenizer: unsplittable_tokens has \"<s>\", which the vocabulary lacks; expected tokens of the "
        "vocabulary. Add it there.");
  CHECK(message({{"a", 0}}, {}, {.errors = "ignore"}) ==
        "BytePairTokenizer: errors \"ignore\" is unknown; expected one of the known names. Known: replace, "
        "strict.");
}
