#include "xeras/text/word_piece_tokenizer.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::text::WordPieceTokenizer;
using xeras::text::WordPieceTokenizerOptions;
using Ids = std::vector<int>;
using Sequences = std::vector<Ids>;
using Texts = std::vector<std::string>;

namespace {

const Texts vocabulary{"[UNK]", "the", "qu",    "##ick",  "br",        "##own",
                       "fox",   ".",   "[CLS]", "\u65e5", "caf\u00e9", "cafe"};

}  // namespace

TEST_CASE("WordPieceTokenizer gives the ids of keras_hub's example") {
  const WordPieceTokenizer tokenizer(vocabulary, {.lowercase = true});
  CHECK(tokenizer.tokenize("The quick brown fox.") == Ids{1, 2, 3, 4, 5, 6, 7});
  CHECK(tokenizer.detokenize({1, 2, 3, 4, 5, 6, 7}) == "the quick brown fox .");
  const WordPieceTokenizer of_ten(vocabulary, {.sequence_length = 10, .lowercase = true});
  CHECK(of_ten.tokenize({"The quick brown fox."}) == Sequences{{1, 2, 3, 4, 5, 6, 7, 0, 0, 0}});
}

TEST_CASE("WordPieceTokenizer makes one oov_token of a word that it cannot spell") {
  const WordPieceTokenizer tokenizer(vocabulary);
  CHECK(tokenizer.tokenize("quack fox The") == Ids{0, 6, 0});
  CHECK(tokenizer.tokenize("") == Ids{});
  CHECK(tokenizer.tokenize(" \t\n\u3000") == Ids{});
}

TEST_CASE("WordPieceTokenizer counts the characters of long words") {
  const WordPieceTokenizer tokenizer(vocabulary, {.max_input_chars_per_word = 4});
  CHECK(tokenizer.tokenize("caf\u00e9 quick") == Ids{10, 0});  // 4 characters, 5 bytes; 5 characters
}

TEST_CASE("WordPieceTokenizer strips accents, splits ideographs and removes control characters") {
  const WordPieceTokenizer plain(vocabulary);
  const WordPieceTokenizer bert(vocabulary, {.lowercase = true, .strip_accents = true});
  CHECK(plain.tokenize("caf\u00e9") == Ids{10});
  CHECK(bert.tokenize("CAF\u00c9 cafe\u0301") == Ids{11, 11});
  CHECK(plain.tokenize("\u65e5fox\u65e5") == Ids{9, 6, 9});
  CHECK(WordPieceTokenizer(vocabulary, {.split_on_cjk = false}).tokenize("\u65e5fox") == Ids{0});
  CHECK(plain.tokenize("f\u200bo\x01x\ufffd") == Ids{6});
  CHECK(plain.tokenize("fox\u2028the") == Ids{6, 1});
}

TEST_CASE("WordPieceTokenizer finds special tokens where it may") {
  CHECK(WordPieceTokenizer(vocabulary, {.special_tokens = {"[CLS]"}}).tokenize("[CLS]fox") == Ids{0, 0, 0, 6});
  CHECK(WordPieceTokenizer(vocabulary,
                           {.lowercase = true, .special_tokens = {"[CLS]"}, .special_tokens_in_strings = true})
            .tokenize("[CLS]fox[CLS]") == Ids{8, 6, 8});
}

TEST_CASE("WordPieceTokenizer without split takes a text as one word") {
  const WordPieceTokenizer tokenizer({"[UNK]", "a b", "##\tc", "a"}, {.lowercase = true, .split = false});
  CHECK(tokenizer.tokenize({"A B\tc", "a", "a b ", ""}) == Sequences{{1, 2}, {3}, {0}, {}});
}

TEST_CASE("WordPieceTokenizer keeps a suffix at the beginning as it is") {
  const WordPieceTokenizer tokenizer(vocabulary);
  CHECK(tokenizer.detokenize({3, 5, 1, 3}) == "##ickown theick");
  const WordPieceTokenizer at({"[UNK]", "a", "@b"}, {.suffix_indicator = "@"});
  CHECK(at.tokenize("ab") == Ids{1, 2});
  CHECK(at.detokenize({1, 2}) == "ab");
}

TEST_CASE("WordPieceTokenizer defines bytes that are not UTF-8") {
  CHECK(message_of<InvalidInput>([] { WordPieceTokenizer(vocabulary).tokenize("fox \xff"); }) ==
        "WordPieceTokenizer: the text is not UTF-8 at byte 4 (0xFF); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  // U+FFFD is removed, as in BERT.
  CHECK(WordPieceTokenizer(vocabulary, {.errors = "replace"}).tokenize("fo\xffx") == Ids{6});
}

TEST_CASE("WordPieceTokenizer refuses invalid vocabularies and options") {
  const auto message = [](const Texts& tokens, const WordPieceTokenizerOptions& options) {
    return message_of<InvalidArgument>([&] { WordPieceTokenizer(tokens, options); });
  };
  CHECK(message({"a"}, {}) ==
        "WordPieceTokenizer: the vocabulary lacks the oov_token \"[UNK]\"; expected it there. Add it, or set another "
        "oov_token.");
  CHECK(message(vocabulary, {.max_input_chars_per_word = 0}) ==
        "WordPieceTokenizer: max_input_chars_per_word is 0; expected a positive integer. Leave it out for 100.");
  CHECK(message(vocabulary, {.special_tokens = {"[SEP]"}}) ==
        "WordPieceTokenizer: special_tokens has \"[SEP]\", which the vocabulary lacks; expected tokens of the "
        "vocabulary. "
        "Add it there.");
  CHECK(message(vocabulary, {.split = false, .special_tokens_in_strings = true}) ==
        "WordPieceTokenizer: special_tokens_in_strings with split = false; expected one of them. A text that is one "
        "special token gets its id without it.");
}
