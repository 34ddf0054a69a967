#include "xeras/text/vectors.hpp"

#include <cmath>
#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"
#include "xeras/text/tokenizer.hpp"

using namespace xeras;
using text::Vectors;

namespace {

constexpr double rounding = 1e-6;

using Words = std::vector<std::string>;

Vectors few_words() {
  return Vectors({"tea", "Milk", "sea", "lime"}, xt::xtensor<float, 2>{{3, 4}, {0, 2}, {4, 3}, {-3, -4}});
}

text::WordMap<int> index_of(const std::vector<std::pair<std::string, int>>& entries) {
  text::WordMap<int> index;
  for (const auto& [word, id] : entries) index.value(index.add(word)) = id;
  return index;
}

void check_row(const Tensor& table, std::size_t row, const std::vector<float>& expected) {
  REQUIRE(table.shape(1) == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(table(row, i) - expected[i]) <= rounding);
}

}  // namespace

TEST_CASE("Vectors holds a table with a word for each row") {
  const Vectors vectors = few_words();
  CHECK(vectors.size() == 4);
  CHECK(vectors.dimension() == 2);
  CHECK(vectors.words() == Words{"tea", "Milk", "sea", "lime"});
  CHECK(vectors.word_index()["sea"] == 2);
  CHECK((vectors["sea"] == Tensor{4, 3}));
  CHECK((vectors.vectors() == Tensor{{3, 4}, {0, 2}, {4, 3}, {-3, -4}}));
  CHECK(vectors.contains("Milk"));
  CHECK_FALSE(vectors.contains("milk"));
  CHECK_FALSE(vectors.has_subwords());
}

TEST_CASE("Vectors stay valid when they are moved from, as copies share the table") {
  Vectors vectors = few_words();
  const Vectors moved = std::move(vectors);
  CHECK(vectors.words() == moved.words());
}

TEST_CASE("Vectors refuses a table that does not fit its words") {
  const Tensor table{{1, 2}, {3, 4}};
  CHECK(message_of<InvalidArgument>([&] { Vectors({"a"}, table); }) ==
        "Vectors: a table of shape (2, 2) for 1 words; expected (1, dimension). Give each word a row.");
  CHECK(message_of<InvalidArgument>([&] {
          Vectors({"a", "a"}, table);
        }) == "Vectors: the word \"a\" is in rows 0 and 1; expected each word once. Leave one out.");
  CHECK(message_of<InvalidArgument>([&] {
          Vectors({"a", "b"}, Tensor{{1, 2}, {3, NAN}});
        }) ==
        "Vectors: row 1, of the word \"b\", has NaN or infinity; expected finite floats. Did the training diverge?");
}

TEST_CASE("Vectors makes a table for an Embedding, with zeros for padding and missing words") {
  const Vectors vectors = few_words();
  text::Tokenizer tokenizer;
  tokenizer.fit_on_texts({"tea tea wine sea"});  // tea 1, wine 2, sea 3
  const Tensor table = vectors.matrix(tokenizer.word_index());
  REQUIRE(shape_of(table) == Shape({4, 2}));
  check_row(table, 0, {0, 0});
  check_row(table, 1, {3, 4});
  check_row(table, 2, {0, 0});
  check_row(table, 3, {4, 3});
}

TEST_CASE("Vectors makes as many rows as num_words") {
  const Vectors vectors = few_words();
  const auto index = index_of({{"tea", 1}, {"sea", 2}, {"Milk", 3}});
  const Tensor fewer = vectors.matrix(index, {.num_words = 3});
  REQUIRE(shape_of(fewer) == Shape({3, 2}));
  check_row(fewer, 2, {4, 3});
  const Tensor more = vectors.matrix(index, {.num_words = 6});
  REQUIRE(shape_of(more) == Shape({6, 2}));
  check_row(more, 5, {0, 0});
}

TEST_CASE("Vectors makes a table for a vocabulary, in which the padding and [UNK] are not words") {
  // "[UNK]" has a vector here, which the table must not use.
  const Vectors vectors({"tea", "[UNK]"}, Tensor{{3, 4}, {1, 2}});
  const Tensor table = vectors.matrix(Words{"", "[UNK]", "wine", "tea"}, {.missing = "mean"});
  REQUIRE(shape_of(table) == Shape({4, 2}));
  check_row(table, 0, {0, 0});
  check_row(table, 1, {2, 3});  // the mean
  check_row(table, 2, {2, 3});
  check_row(table, 3, {3, 4});
}

TEST_CASE("Vectors takes the lower case of missing words") {
  const Vectors vectors = few_words();
  const Tensor table = vectors.matrix(Words{"TEA", "Milk", "MILK"}, {.lower = true});
  check_row(table, 0, {3, 4});
  check_row(table, 1, {0, 2});
  check_row(table, 2, {0, 0});  // "milk" has no vector
}

TEST_CASE("Vectors draws the rows of missing words, by the seed and the id") {
  const Vectors vectors = few_words();
  const Words words{"w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7"};
  const Tensor uniform = vectors.matrix(words, {.missing = "random_uniform", .seed = 5});
  for (const float value : uniform) CHECK(std::abs(value) <= 0.05f);
  CHECK(uniform(0, 0) != uniform(1, 0));
  CHECK((uniform == vectors.matrix(words, {.missing = "random_uniform", .seed = 5})));
  CHECK_FALSE((uniform == vectors.matrix(words, {.missing = "random_uniform", .seed = 6})));
  // Another missing word leaves the rows of the others alone.
  const Tensor one_known = vectors.matrix(Words{"tea", "w1"}, {.missing = "random_uniform", .seed = 5});
  CHECK(one_known(1, 0) == uniform(1, 0));
  // By hand: the mean of 3, 4, 0, 2, 4, 3, -3, -4 is 1.125, the deviation sqrt(79 / 8 - 1.125^2).
  const Tensor normal = vectors.matrix(words, {.missing = "random_normal", .seed = 5});
  const RandomStream stream(5);
  CHECK(std::abs(normal(1, 1) - (1.125 + std::sqrt(79.0 / 8 - 1.125 * 1.125) * stream.normal(3))) <= rounding);
}

TEST_CASE("Vectors names a missing word if asked to") {
  CHECK(
      message_of<InvalidArgument>([] {
        few_words().matrix(Words{"tea", "wine"}, {.missing = "error"});
      }) ==
      "Vectors: the word \"wine\" with id 1 has no vector, and missing is \"error\"; expected a vector for each word. "
      "Set missing = \"zeros\", \"mean\", \"random_uniform\" or \"random_normal\".");
}

TEST_CASE("Vectors refuses invalid options and ids of a table") {
  const Vectors vectors = few_words();
  CHECK(message_of<InvalidArgument>([&] { vectors.matrix(Words{"tea"}, {.missing = "zero"}); }) ==
        "Vectors: missing \"zero\" is unknown; did you mean \"zeros\"? Known: error, mean, random_normal, "
        "random_uniform, zeros.");
  CHECK(message_of<InvalidArgument>([&] { vectors.matrix(Words{"tea"}, {.num_words = 0}); }) ==
        "Vectors: num_words is 0; expected a positive integer. Leave it out for all words.");
  CHECK(message_of<InvalidInput>([&] {
          vectors.matrix(index_of({{"tea", -1}}));
        }) == "Vectors: the word \"tea\" has id -1; expected 0 or more. Number words from 1.");
  CHECK(message_of<InvalidInput>([&] {
          vectors.matrix(index_of({{"tea", 1}, {"sea", 1}}));
        }) == "Vectors: the words \"tea\" and \"sea\" have id 1; expected an id per word. Number the words again.");
}

TEST_CASE("Vectors counts the words that have a vector") {
  const Vectors vectors = few_words();
  text::Tokenizer tokenizer({.lower = false});
  tokenizer.fit_on_texts({"wine tea tea TEA wine tea gin"});
  const text::Coverage coverage = vectors.coverage(tokenizer.word_index());
  CHECK(coverage.found == 1);
  CHECK(coverage.missing == 3);
  CHECK(coverage.share == 0.25);
  CHECK_FALSE(coverage.share_of_texts);
  CHECK(coverage.missing_words == Words{"wine", "TEA", "gin"});

  const text::Coverage weighted = vectors.coverage(tokenizer.word_counts(), {.lower = true});
  CHECK(weighted.found == 2);
  CHECK(weighted.share_of_texts == 4.0 / 7);
  CHECK(weighted.missing_words == Words{"wine", "gin"});
  // Ids below 3: tea and wine.
  CHECK(vectors.coverage(tokenizer.word_counts(), {.num_words = 3}).missing_words == Words{"wine"});
  CHECK(vectors.coverage(tokenizer.word_index(), {.num_words = 3}).missing_words == Words{"wine"});
  CHECK(vectors.coverage(Words{"", "[UNK]", "tea", "gin"}).missing_words == Words{"gin"});
}

TEST_CASE("Vectors finds the nearest words by hand-made cosines") {
  const Vectors vectors = few_words();
  const auto near = vectors.most_similar("tea", 2);
  REQUIRE(near.size() == 2);
  CHECK(near[0].first == "sea");
  CHECK(std::abs(near[0].second - 0.96) <= rounding);  // 24 / 25
  CHECK(near[1].first == "Milk");
  CHECK(std::abs(near[1].second - 0.8) <= rounding);
  CHECK(vectors.most_similar("tea").back().first == "lime");
  CHECK(std::abs(vectors.similarity("tea", "lime") + 1.0) <= rounding);
  // A vector excludes no word.
  CHECK(vectors.most_similar(Tensor{30, 40}, 1)[0].first == "tea");
  // (0.6, 0.8) + (0.8, 0.6) - (0, 1) = (1.4, 0.4) is nearest to the word that is left.
  CHECK(vectors.most_similar({.positive = {"tea", "sea"}, .negative = "Milk"})[0].first == "lime");
}

TEST_CASE("Vectors gives a vector of zeros no similarity") {
  const Vectors vectors({"a", "nothing"}, Tensor{{1, 2}, {0, 0}});
  CHECK(vectors.most_similar("a")[0].second == 0.0);
  CHECK(vectors.most_similar("nothing")[0].second == 0.0);
}

TEST_CASE("Vectors refuses searches that have no answer") {
  const Vectors vectors = few_words();
  CHECK(
      message_of<InvalidArgument>([&] { vectors.most_similar("gin"); }) ==
      "Vectors: most_similar: the word \"gin\" has no vector; expected one of the 4 words. Call contains() first, and "
      "mind capital letters.");
  CHECK(message_of<InvalidArgument>([&] { vectors.most_similar("tea", 0); }) ==
        "Vectors: topn is 0; expected a positive integer. It counts words.");
  CHECK(message_of<InvalidArgument>([&] {
          vectors.most_similar(Tensor{1, 2, 3});
        }) == "Vectors: most_similar: a vector of shape (3,); expected (2,). Give one vector.");
  CHECK(message_of<InvalidArgument>([&] {
          vectors.most_similar(Tensor{1, INFINITY});
        }) == "Vectors: most_similar: the vector has NaN or infinity; expected finite floats. Check it.");
  CHECK(message_of<InvalidArgument>([&] { vectors.most_similar(text::MostSimilarOptions{}); }) ==
        "Vectors: most_similar without any word; expected one or more. Set positive.");
}

TEST_CASE("Vectors refuses files of analogies that are none") {
  const testing::TemporaryFolder folder;
  const std::string path = folder / "q";
  const auto message = [&](const std::string& content) {
    std::ofstream(path) << content;
    return message_of<InvalidInput>([&] { few_words().evaluate_word_analogies(path); });
  };
  CHECK(message("tea sea Milk lime\n") ==
        "Vectors: " + path +
            ", line 1 comes before any section; expected a line such as \": capitals\" first. Add one.");
  CHECK(message(": a\n\ntea sea Milk\n") ==
        "Vectors: " + path +
            ", line 3 has 3 words; expected 4, or a section such as \": capitals\". Correct the line.");
}

TEST_CASE("Vectors refuses to save words that a format cannot hold, and keeps the old file") {
  const testing::TemporaryFolder folder;
  const std::string path = folder / "v";
  const Tensor table{{1, 2}};
  Vectors({"old"}, table).save_word2vec(path);
  const auto message = [&](const std::string& word, bool is_binary) {
    return message_of<FileError>([&] { Vectors({word}, table).save_word2vec(path, {.binary = is_binary}); });
  };
  CHECK(message("a\nb", false) ==
        "Vectors: save_word2vec: the word \"a b\" has a line feed; expected words without, which this format cannot "
        "hold. "
        "Replace it.");
  CHECK(message("a b", true) ==
        "Vectors: save_word2vec: the word \"a b\" has a space; expected words without, which this format cannot hold. "
        "Replace it.");
  CHECK(message("a ", false) ==
        "Vectors: save_word2vec: the word \"a \" has a space at its end; expected words without, which this format "
        "cannot "
        "hold. Replace it.");
  CHECK(Vectors(path).words() == Words{"old"});
}
