// Texts that are not UTF-8, or are and look wrong: what all parts of text do with them. Every kind of invalid bytes
// raises, or is read as the text with U+FFFD in its place.
#include "support/hostile_texts.hpp"

#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/small_tokenizers.hpp"
#include "support/temporary_folder.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"
#include "xeras/text/text.hpp"

using namespace xeras;
using namespace xeras::text;
using testing::HostileText;
using Texts = std::vector<std::string>;

namespace {

// Takes a text with multibyte characters apart: all its beginnings, and all that one wrong byte makes of it.
Texts damaged(const std::string& text) {
  Texts texts;
  for (std::size_t length = 0; length <= text.size(); ++length) texts.push_back(text.substr(0, length));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'\0', ' ', 'a', '\x80', '\xBF', '\xC0', '\xC3', '\xE0', '\xED', '\xF0', '\xF4', '\xFF'}) {
      texts.push_back(text);
      texts.back()[at] = byte;
    }
  }
  return texts;
}

const std::string multibyte = "a\u00E9 \u65E5\u0800 \uD7FF\uFFFD \U0001F600\U0010FFFFb";

// Checks f(text, errors) with hostile texts: errors = "strict" raises and "replace" reads U+FFFD instead.
template <class F>
void check_hostile(const F& f) {
  for (const HostileText& text : testing::hostile_texts()) {
    INFO(text.kind);
    CHECK_THROWS_AS(f(text.bytes, "strict"), InvalidInput);
    CHECK(f(text.bytes, "replace") == f(text.replaced, "strict"));
  }
  for (const std::string& text : testing::strange_texts()) {
    CAPTURE(text);
    CHECK(f(text, "replace") == f(text, "strict"));
  }
  for (const std::string& text : damaged(multibyte)) {
    CAPTURE(text);
    CHECK(f(text, "replace") == f(replace_invalid(text), "strict"));
  }
}

}  // namespace

TEST_CASE("replace_invalid reads every kind of invalid bytes as Python does, and leaves valid ones alone") {
  for (const HostileText& text : testing::hostile_texts()) {
    INFO(text.kind);
    CHECK(replace_invalid(text.bytes) == text.replaced);
    CHECK(find_invalid(text.bytes) < text.bytes.size());
    CHECK(find_invalid(text.replaced) == std::string::npos);
  }
  for (const std::string& text : testing::strange_texts()) CHECK(replace_invalid(text) == text);
  for (const std::string& text : damaged(multibyte)) {
    CAPTURE(text);
    CHECK((find_invalid(text) == std::string::npos) == (replace_invalid(text) == text));
  }
}

TEST_CASE("text_to_word_sequence, one_hot and hashing_trick read invalid bytes as U+FFFD, or raise") {
  check_hostile(
      [](const std::string& text, const char* errors) { return text_to_word_sequence(text, {.errors = errors}); });
  check_hostile([](const std::string& text, const char* errors) { return one_hot(text, 1000, {.errors = errors}); });
  check_hostile([](const std::string& text, const char* errors) {
    return hashing_trick(text, 1000, {.hash_function = "md5", .errors = errors});
  });
}

TEST_CASE("Tokenizer reads invalid bytes as U+FFFD, or raises, as words and as characters") {
  for (const bool char_level : {false, true}) {
    check_hostile([&](const std::string& text, const char* errors) {
      Tokenizer tokenizer({.char_level = char_level, .errors = errors});
      tokenizer.fit_on_texts({text});
      Texts words;
      for (const auto& [word, id] : tokenizer.word_index()) words.push_back(word);
      const auto ids = tokenizer.texts_to_sequences({text});
      return std::tuple(words, ids, tokenizer.sequences_to_texts(ids));
    });
  }
}

TEST_CASE("Tokenizer keeps a NUL within a word, also in its JSON", "[files]") {
  const std::string word("a\0b", 3);
  Tokenizer tokenizer;
  tokenizer.fit_on_texts({word + " a"});
  CHECK(tokenizer.word_index()[word] == 1);
  const Tokenizer again = Tokenizer::from_json(tokenizer.to_json());
  CHECK(again.texts_to_sequences({word, "a"}) == std::vector<std::vector<int>>{{1}, {2}});
}

TEST_CASE("BytePairTokenizer reads invalid bytes as U+FFFD, or raises, and restores all others") {
  check_hostile([](const std::string& text, const char* errors) {
    return BytePairTokenizer(testing::all_bytes(), {}, {.errors = errors}).tokenize(text);
  });
  const BytePairTokenizer tokenizer(testing::all_bytes(), {});
  for (const std::string& text : testing::strange_texts())
    CHECK(tokenizer.detokenize(tokenizer.tokenize(text)) == text);
}

TEST_CASE("WordPieceTokenizer reads invalid bytes as U+FFFD, or raises") {
  const Texts vocabulary{"[UNK]", "a", "##b", "b", "\uFFFD", "##\uFFFD", "\u65E5", "gr", "##e", "##gr"};
  for (const bool strip : {false, true}) {
    check_hostile([&](const std::string& text, const char* errors) {
      return WordPieceTokenizer(vocabulary, {.lowercase = strip, .strip_accents = strip, .errors = errors})
          .tokenize(text);
    });
  }
}

TEST_CASE("SentencePieceTokenizer reads invalid bytes as U+FFFD, or raises") {
  for (const int type : {testing::unigram, testing::byte_pair}) {
    check_hostile([&](const std::string& text, const char* errors) {
      return SentencePieceTokenizer::from_bytes(testing::sentence_piece_model(type), {.errors = errors}).tokenize(text);
    });
  }
}

TEST_CASE("Vectors reads words of invalid bytes with U+FFFD, or raises") {
  const testing::TemporaryFolder folder;
  const auto read = [&](const std::string& word, const std::string& errors) {
    const std::string path = folder / "v";
    std::ofstream(path, std::ios::binary) << "tea 1 2\n" << word << " 3 4\n";
    return Vectors(path, {.errors = errors}).words();
  };
  for (const HostileText& text : testing::hostile_texts()) {
    if (text.bytes.find('\0') != std::string::npos) continue;  // a NUL is never in a file of text
    INFO(text.kind);
    CHECK_THROWS_AS(read(text.bytes, "strict"), FileError);
    CHECK(read(text.bytes, "replace") == read(text.replaced, "strict"));
  }
}

TEST_CASE("Tokenizer, text_to_word_sequence and WordPieceTokenizer take a word of 100 MB", "[slow]") {
  const std::string word(100'000'000, 'a');
  Tokenizer tokenizer;
  tokenizer.fit_on_texts({word + " b"});
  CHECK(tokenizer.texts_to_sequences({"b", word}) == std::vector<std::vector<int>>{{2}, {1}});
  CHECK(text_to_word_sequence(word).front().size() == word.size());
  CHECK(WordPieceTokenizer({"[UNK]", "a", "##a"}).tokenize(word) == std::vector<int>{0});  // more than 100 letters
}

TEST_CASE("BytePairTokenizer and SentencePieceTokenizer take a word of 10 MB", "[slow]") {
  const std::string word(10'000'000, 'a');
  const BytePairTokenizer bytes(testing::all_bytes({"aa"}), {"a a"});
  CHECK(bytes.tokenize(word) == std::vector<int>(word.size() / 2, 256));
  const SentencePieceTokenizer pieces = SentencePieceTokenizer::from_bytes(testing::sentence_piece_model(1));
  CHECK(pieces.tokenize(word).size() == word.size());  // "_a", "a", "a", ...
}

TEST_CASE("Tokenizer and Vectors take a million different words", "[slow]") {
  constexpr int count = 1'000'000;
  Texts words;
  for (int i = 0; i < count; ++i) words.push_back("w" + std::to_string(i));
  Tokenizer tokenizer;
  tokenizer.fit_on_tokens({words});
  CHECK(tokenizer.word_index()["w999999"] == count);
  CHECK(tokenizer.texts_to_sequences({"w0 w999999 w1000000"}) == std::vector<std::vector<int>>{{1, count}});
  const Tokenizer again = Tokenizer::from_json(tokenizer.to_json());
  CHECK(again.word_index()["w500000"] == 500'001);
  const Vectors vectors(words, Tensor(xt::ones<float>({count, 2})));
  CHECK(vectors.contains("w999999"));
  CHECK(vectors.matrix(tokenizer.word_index()).shape(0) == count + 1);
}
