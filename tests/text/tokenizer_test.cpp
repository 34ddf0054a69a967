#include "xeras/text/tokenizer.hpp"

#include <stdexcept>
#include <utility>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::text::Tokenizer;
using Sequences = std::vector<std::vector<int>>;
using Texts = std::vector<std::string>;
using Ids = std::vector<std::pair<std::string, int>>;

namespace {

const Texts texts{"The cat sat on the mat.", "The dog ate the cat's food, and the CAT sat."};

template <class T>
std::vector<std::pair<std::string, T>> entries(const text::WordMap<T>& map) {
  return {map.begin(), map.end()};
}

constexpr float rounding = 1e-6f;

void check_near(const Tensor& matrix, const std::vector<std::vector<float>>& expected) {
  REQUIRE(matrix.shape(0) == expected.size());
  REQUIRE(matrix.shape(1) == expected[0].size());
  for (std::size_t row = 0; row < expected.size(); ++row) {
    for (std::size_t column = 0; column < expected[row].size(); ++column) {
      INFO("row " << row << ", column " << column);
      CHECK_THAT(matrix(row, column), Catch::Matchers::WithinAbs(expected[row][column], rounding));
    }
  }
}

}  // namespace

// Expected, unless said otherwise: keras-preprocessing 1.1.2.

TEST_CASE("Tokenizer numbers words by count, then by first appearance") {
  Tokenizer tokenizer;
  tokenizer.fit_on_texts(texts);
  CHECK(entries(tokenizer.word_index()) == Ids{{"the", 1},
                                               {"cat", 2},
                                               {"sat", 3},
                                               {"on", 4},
                                               {"mat", 5},
                                               {"dog", 6},
                                               {"ate", 7},
                                               {"cat's", 8},
                                               {"food", 9},
                                               {"and", 10}});
  CHECK(tokenizer.index_word().size() == 10);
  CHECK(tokenizer.index_word().at(8) == "cat's");
  CHECK(tokenizer.word_counts()["the"] == 5);
  CHECK(tokenizer.word_counts()["cat's"] == 1);
  CHECK(tokenizer.word_docs()["the"] == 2);
  CHECK(tokenizer.word_docs()["food"] == 1);
  CHECK(tokenizer.document_count() == 2);
}

TEST_CASE("Tokenizer turns texts into ids and back") {
  Tokenizer tokenizer;
  tokenizer.fit_on_texts(texts);
  const Sequences ids = tokenizer.texts_to_sequences(texts);
  CHECK(ids == Sequences{{1, 2, 3, 4, 1, 5}, {1, 6, 7, 1, 8, 9, 10, 1, 2, 3}});
  CHECK(tokenizer.sequences_to_texts(ids) ==
        Texts{"the cat sat on the mat", "the dog ate the cat's food and the cat sat"});
  CHECK(tokenizer.texts_to_sequences({"a zebra", "", "THE-MAT"}) == Sequences{{}, {}, {1, 5}});
}

TEST_CASE("Tokenizer with num_words leaves out ids from num_words on, not words of word_index") {
  Tokenizer tokenizer({.num_words = 4});
  tokenizer.fit_on_texts(texts);
  CHECK(tokenizer.word_index().size() == 10);
  CHECK(tokenizer.texts_to_sequences({texts[0], texts[1], "a zebra sat"}) ==
        Sequences{{1, 2, 3, 1}, {1, 1, 1, 2, 3}, {3}});
  CHECK(tokenizer.sequences_to_texts({{2, 3, 0, 9, 7, 1}}) == Texts{"cat sat the"});
}

TEST_CASE("Tokenizer with an oov_token gives it id 1, for words unknown or too rare") {
  Tokenizer tokenizer({.num_words = 4, .oov_token = "<unk>"});
  tokenizer.fit_on_texts(texts);
  CHECK(tokenizer.word_index().at("<unk>") == 1);
  CHECK(tokenizer.word_index().at("and") == 11);
  CHECK(tokenizer.texts_to_sequences({texts[0], texts[1], "a zebra sat"}) ==
        Sequences{{2, 3, 1, 1, 2, 1}, {2, 1, 1, 2, 1, 1, 1, 2, 3, 1}, {1, 1, 1}});
  CHECK(tokenizer.sequences_to_texts({{2, 3, 0, 9, 7, 1}}) == Texts{"the cat <unk> <unk> <unk> <unk>"});
}

TEST_CASE("Tokenizer moves an oov_token that is a word of the texts to that word's id, as Keras does") {
  Tokenizer tokenizer({.oov_token = "cat"});
  tokenizer.fit_on_texts(texts);
  CHECK(tokenizer.word_index()["cat"] == 3);
  CHECK(tokenizer.word_index()["the"] == 2);
  CHECK(tokenizer.index_word().count(1) == 0);
  CHECK(tokenizer.texts_to_sequences({"cat zebra"}) == Sequences{{3, 3}});
  CHECK(tokenizer.texts_to_matrix({"cat"}).shape(1) == 11);
}

TEST_CASE("Tokenizer adds up several fits") {
  Tokenizer tokenizer;
  tokenizer.fit_on_texts({"a b b"});
  tokenizer.fit_on_texts({"a", "c c c"});
  CHECK(entries(tokenizer.word_index()) == Ids{{"c", 1}, {"a", 2}, {"b", 3}});
  CHECK(tokenizer.document_count() == 3);
  CHECK(tokenizer.word_docs()["a"] == 2);
  const Tokenizer copy = tokenizer;
  tokenizer.fit_on_texts({"b b b"});
  CHECK(copy.word_index()["c"] == 1);
  CHECK(tokenizer.word_index()["b"] == 1);
}

TEST_CASE("Tokenizer takes characters as code points, filters or not") {
  Tokenizer tokenizer({.char_level = true});
  tokenizer.fit_on_texts({"A\u00f1o, a\u00f1o!", "\u65e5\u672c"});
  CHECK(entries(tokenizer.word_index()) ==
        Ids{{"a", 1}, {"\u00f1", 2}, {"o", 3}, {",", 4}, {" ", 5}, {"!", 6}, {"\u65e5", 7}, {"\u672c", 8}});
  CHECK(tokenizer.texts_to_sequences({"A\u00d1 \u672c"}) == Sequences{{1, 2, 5, 8}});
  CHECK(tokenizer.sequences_to_texts({{1, 2, 3}}) == Texts{"a \u00f1 o"});
}

TEST_CASE("Tokenizer takes tokens as they are, in lower case") {
  Tokenizer tokenizer;
  tokenizer.fit_on_tokens({{"Hello World", "b"}, {"B", "b"}});
  CHECK(entries(tokenizer.word_index()) == Ids{{"b", 1}, {"hello world", 2}});
  CHECK(tokenizer.tokens_to_sequences({{"hello world", "c", "B"}}) == Sequences{{2, 1}});
  CHECK((tokenizer.tokens_to_matrix({{"B", "b"}}, "count") == xt::xtensor<float, 2>{{0, 2, 0}}));
  Tokenizer exact({.lower = false});
  exact.fit_on_tokens({{"b", "B"}});
  CHECK(exact.word_index().size() == 2);
}

// Keras 2.15: the analyzer sees the text as it is, and its words stay as they are.
TEST_CASE("Tokenizer leaves splitting to an analyzer") {
  Tokenizer tokenizer({.analyzer = [](const std::string& text) { return Texts{text.substr(0, 2), "END."}; }});
  tokenizer.fit_on_texts({"Abc", "Abd"});
  CHECK(entries(tokenizer.word_index()) == Ids{{"Ab", 1}, {"END.", 2}});
  CHECK(tokenizer.texts_to_sequences({"Ab", "ab"}) == Sequences{{1, 2}, {2}});
}

TEST_CASE("Tokenizer makes matrices of four modes") {
  Tokenizer tokenizer;
  tokenizer.fit_on_texts({"a b", "b c c"});  // b 1, c 2, a 3
  const Texts rows{"a b b", "c d", ""};
  check_near(tokenizer.texts_to_matrix(rows), {{0, 1, 0, 1}, {0, 0, 1, 0}, {0, 0, 0, 0}});
  check_near(tokenizer.texts_to_matrix(rows, "count"), {{0, 2, 0, 1}, {0, 0, 1, 0}, {0, 0, 0, 0}});
  check_near(tokenizer.texts_to_matrix(rows, "freq"), {{0, 0.666666667f, 0, 0.333333333f}, {0, 0, 1, 0}, {0, 0, 0, 0}});
  check_near(tokenizer.texts_to_matrix(rows, "tfidf"),
             {{0, 0.864902965f, 0, 0.693147181f}, {0, 0, 0.693147181f, 0}, {0, 0, 0, 0}});
}

TEST_CASE("Tokenizer counts the documents of sequences, and needs no texts with num_words") {
  Tokenizer tokenizer({.num_words = 4});
  tokenizer.fit_on_sequences({{1, 2}, {2, 2, 3}});
  CHECK(tokenizer.document_count() == 2);
  check_near(tokenizer.sequences_to_matrix({{1, 2, 2}, {0, 5}}, "tfidf"),
             {{0, 0.693147181f, 0.864902965f, 0}, {1.098612289f, 0, 0, 0}});
  // By hand: ids that have no column count for the length.
  check_near(tokenizer.sequences_to_matrix({{1, 9, 9, 1}}, "freq"), {{0, 0.5f, 0, 0}});
}

TEST_CASE("Tokenizer refuses options that cannot be") {
  CHECK(message_of<InvalidArgument>([] { Tokenizer({.num_words = 0}); }) ==
        "Tokenizer: num_words is 0; expected a positive integer. Leave it out to keep all words.");
  CHECK(message_of<InvalidArgument>(
            [] { Tokenizer({.char_level = true, .analyzer = [](const std::string&) { return Texts(); }}); }) ==
        "Tokenizer: char_level and analyzer are both set; expected at most one of them. An analyzer can return "
        "characters too.");
  CHECK(message_of<InvalidArgument>([] { Tokenizer({.split = ""}); }) ==
        "Tokenizer: split is \"\"; expected what separates words, such as \" \". For characters instead of words use a "
        "Tokenizer with char_level = true.");
  CHECK(message_of<InvalidArgument>([] { Tokenizer({.errors = "stric"}); }) ==
        "Tokenizer: errors \"stric\" is unknown; did you mean \"strict\"? Known: replace, strict.");
}

// As in Keras.
TEST_CASE("Tokenizer that has seen texts without words knows none") {
  for (const std::string text : {"", " ! "}) {
    Tokenizer tokenizer({.num_words = 3});
    tokenizer.fit_on_texts({text});
    CHECK(tokenizer.word_index().empty());
    CHECK(tokenizer.texts_to_sequences({"a b", ""}) == std::vector<std::vector<int>>{{}, {}});
    CHECK(tokenizer.tokens_to_sequences({{"a"}}) == std::vector<std::vector<int>>{{}});
    CHECK(tokenizer.sequences_to_texts({{1, 2}, {}}) == std::vector<std::string>{"", ""});
    CHECK((tokenizer.texts_to_matrix({"a"}) == Tensor{{0.0f, 0.0f, 0.0f}}));
    CHECK((tokenizer.texts_to_matrix({"a"}, "tfidf") == Tensor{{0.0f, 0.0f, 0.0f}}));
  }
}

TEST_CASE("Tokenizer says what it needs before it can work") {
  const Tokenizer fresh;
  CHECK(message_of<InvalidArgument>([&] { fresh.texts_to_sequences({"a"}); }) ==
        "Tokenizer: texts_to_sequences without any texts; expected a tokenizer that has seen some. Call fit_on_texts "
        "first.");
  CHECK(message_of<InvalidArgument>([&] { fresh.sequences_to_matrix({{1}}); }) ==
        "Tokenizer: sequences_to_matrix with neither num_words nor words; expected either, for the number of columns. "
        "Set num_words, or call fit_on_texts with texts that have words.");
  CHECK(
      message_of<InvalidArgument>([] { Tokenizer({.num_words = 3}).sequences_to_matrix({{1}}, "tfidf"); }) ==
      "Tokenizer: mode \"tfidf\" without any documents; expected a tokenizer that has seen some. Call fit_on_texts or "
      "fit_on_sequences first.");
  CHECK(message_of<InvalidArgument>([&] { fresh.texts_to_matrix({"a"}, "tf-idf"); }) ==
        "Tokenizer: mode \"tf-idf\" is unknown; did you mean \"tfidf\"? Known: binary, count, freq, tfidf.");
}

TEST_CASE("Tokenizer refuses ids below 0") {
  CHECK(message_of<InvalidInput>([] {
          Tokenizer({.num_words = 3}).sequences_to_matrix({{1}, {2, -1}});
        }) ==
        "Tokenizer: sequences_to_matrix got id -1 in sequence 1, step 1; expected 0 or more. Ids come from "
        "texts_to_sequences.");
}

TEST_CASE("Tokenizer names the text that is not UTF-8, and stays as it was") {
  Tokenizer tokenizer;
  tokenizer.fit_on_texts({"a b"});
  CHECK(message_of<InvalidInput>([&] {
          tokenizer.fit_on_texts({"c c", "x", "gr\xfc\xdf"});
        }) ==
        "Tokenizer: text 2 is not UTF-8 at byte 2 (0xFC); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  CHECK(message_of<InvalidInput>([&] {
          tokenizer.fit_on_tokens({{"c", "\xfc"}});
        }) ==
        "Tokenizer: text 0, token 1 is not UTF-8 at byte 0 (0xFC); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  CHECK(entries(tokenizer.word_index()) == Ids{{"a", 1}, {"b", 2}});
  CHECK(entries(tokenizer.word_counts()).size() == 2);
  CHECK(tokenizer.document_count() == 1);
  Tokenizer tolerant({.errors = "replace"});
  tolerant.fit_on_texts({"gr\xfc\xdf"});
  CHECK(tolerant.word_index().contains("gr\ufffd\ufffd"));
}

TEST_CASE("Tokenizer refuses a matrix that memory cannot hold") {
  Tokenizer tokenizer({.num_words = std::int64_t{1} << 62});
  tokenizer.fit_on_texts({"a b"});
  CHECK(tokenizer.texts_to_sequences({"b"}) == std::vector<std::vector<int>>{{2}});
  CHECK(message_of<InvalidArgument>([&] {
          tokenizer.texts_to_matrix({"a", "b"});
        }) ==
        "Tokenizer: the result would have shape (2, 4611686018427387904); expected fewer than 2^45 numbers. Ask for "
        "less.");
}

TEST_CASE("Tokenizer takes filters beyond ASCII in any order") {
  Tokenizer tokenizer({.filters = "\u2013!\u00e4\u00b7"});
  tokenizer.fit_on_texts({"a\u2013b!c\u00b7d\u00e4e"});
  CHECK(tokenizer.word_counts().size() == 5);
}
