// Compares with real gensim and fastText (golden/make_vectors.py).
#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/text/vectors.hpp"

using namespace xeras;
using nlohmann::json;
using text::Vectors;

namespace {

const std::string folder = "golden/vectors/";
constexpr double tolerance = 1e-6;

const json& golden() {
  static const json& content = *new json(json::parse(std::ifstream(folder + "vectors.json")));
  return content;
}

double largest_difference(const Tensor& vector, const json& expected) {
  const auto numbers = expected.get<std::vector<double>>();
  REQUIRE(vector.size() == numbers.size());
  double largest = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) largest = std::max(largest, std::abs(vector(i) - numbers[i]));
  return largest;
}

void compare(const std::vector<std::pair<std::string, double>>& found, const json& expected) {
  std::vector<std::string> words;
  for (const auto& [word, cosine] : found) words.push_back(word);
  CHECK(words == expected.at("words").get<std::vector<std::string>>());
  const auto cosines = expected.at("cosines").get<std::vector<double>>();
  REQUIRE(found.size() == cosines.size());
  for (std::size_t i = 0; i < cosines.size(); ++i) CHECK(std::abs(found[i].second - cosines[i]) <= tolerance);
}

std::vector<std::pair<std::string, double>> search(const Vectors& vectors, const json& entry) {
  text::MostSimilarOptions options{.positive = entry.at("positive").get<std::vector<std::string>>(),
                                   .negative = entry.at("negative").get<std::vector<std::string>>(),
                                   .topn = entry.at("topn").get<int>()};
  if (!entry.at("restrict_vocab").is_null()) options.restrict_vocab = entry.at("restrict_vocab").get<int>();
  return vectors.most_similar(options);
}

}  // namespace

TEST_CASE("Vectors reads each format as gensim and fastText do: every word, and unknown words") {
  REQUIRE(golden().at("cases").size() == 8);
  double largest = 0;
  std::size_t words = 0, unknown_words = 0;
  for (const json& entry : golden().at("cases")) {
    const auto name = entry.at("file").get<std::string>();
    INFO(name);
    const Vectors vectors(folder + name);
    CHECK(vectors.words() == entry.at("words").get<std::vector<std::string>>());
    for (std::size_t i = 0; i < entry.at("words").size(); ++i) {
      largest = std::max(largest,
                         largest_difference(vectors[entry.at("words")[i].get<std::string>()], entry.at("vectors")[i]));
      ++words;
    }
    for (const json& unknown : entry.at("unknown")) {
      const auto word = unknown.at("word").get<std::string>();
      INFO(word);
      CHECK(vectors.contains(word));
      CHECK_FALSE(vectors.word_index().contains(word));
      largest = std::max(largest, largest_difference(vectors[word], unknown.at("vector")));
      ++unknown_words;
    }
  }
  CHECK(largest <= tolerance);
  CHECK(words == 7 * 49 + 6);
  CHECK(unknown_words == 2 * 13);
}

TEST_CASE("Vectors computes fastText's vectors to the bit") {
  for (const json& entry : golden().at("cases")) {
    const auto name = entry.at("file").get<std::string>();
    if (name != "skipgram.bin" && name != "supervised.bin" && name != "bag.bin") continue;
    INFO(name);
    const Vectors vectors(folder + name);
    for (std::size_t i = 0; i < entry.at("words").size(); ++i) {
      CHECK(largest_difference(vectors[entry.at("words")[i].get<std::string>()], entry.at("vectors")[i]) == 0.0);
    }
    for (const json& unknown : entry.at("unknown")) {
      CHECK(largest_difference(vectors[unknown.at("word").get<std::string>()], unknown.at("vector")) == 0.0);
    }
  }
}

TEST_CASE("Vectors knows no unknown words of a fastText model without n-grams") {
  const Vectors vectors(folder + "bag.bin");
  CHECK_FALSE(vectors.has_subwords());
  CHECK_FALSE(vectors.contains("kings"));
  CHECK(
      message_of<InvalidArgument>([&] { vectors["kings"]; }) ==
      "Vectors: operator[]: the word \"kings\" has no vector; expected one of the 49 words. Call contains() first, and "
      "mind capital letters.");
}

TEST_CASE("Vectors refuses a quantized fastText model") {
  CHECK(
      message_of<FileError>([] { Vectors(folder + "quantized.ftz"); }) ==
      "Vectors: golden/vectors/quantized.ftz is a quantized fastText model (.ftz); expected one that is not. Save the "
      "model without \"fasttext quantize\", or write its vectors to a text file with \"fasttext print-word-vectors\".");
}

TEST_CASE("Vectors leaves out the n-grams of a fastText model") {
  const Vectors all(folder + "skipgram.bin");
  const Vectors words(folder + "skipgram.bin", {.subwords = false});
  CHECK(all.has_subwords());
  CHECK_FALSE(words.has_subwords());
  CHECK((words["king"] == all["king"]));
  CHECK_FALSE(words.contains("kings"));
}

TEST_CASE("Vectors finds the words that gensim finds") {
  const Vectors vectors(folder + "gensim.bin");
  REQUIRE(golden().at("searches").size() == 6);
  for (const json& entry : golden().at("searches")) compare(search(vectors, entry), entry);
}

TEST_CASE("Vectors finds the neighbours of unknown words that gensim finds") {
  const Vectors vectors(folder + "skipgram.bin");
  REQUIRE(golden().at("subword_searches").size() == 2);
  for (const json& entry : golden().at("subword_searches")) compare(search(vectors, entry), entry);
}

TEST_CASE("Vectors answers analogies as gensim does") {
  const Vectors vectors(folder + "pairs.txt");
  REQUIRE(golden().at("analogies").size() == 4);
  for (const json& entry : golden().at("analogies")) {
    const json& given = entry.at("options");
    INFO(given.dump());
    const text::AnalogyScores scores = vectors.evaluate_word_analogies(
        folder + "questions.txt", {.restrict_vocab = given.value("restrict_vocab", 300000),
                                   .case_insensitive = given.value("case_insensitive", true),
                                   .dummy4unknown = given.value("dummy4unknown", false)});
    REQUIRE(scores.sections.size() + 1 == entry.at("sections").size());
    for (std::size_t i = 0; i <= scores.sections.size(); ++i) {
      const text::AnalogySection& section = i < scores.sections.size() ? scores.sections[i] : scores.total;
      CHECK(json({section.name, section.correct, section.incorrect}) == entry.at("sections")[i]);
    }
    CHECK(scores.total.accuracy() == entry.at("accuracy").get<double>());
  }
}

TEST_CASE("Vectors writes word2vec's formats with the same vectors") {
  const testing::TemporaryFolder scratch;
  const Vectors vectors(folder + "original.bin");
  vectors.save_word2vec(scratch / "again.txt");
  vectors.save_word2vec(scratch / "again.bin", {.binary = true});
  for (const char* name : {"again.txt", "again.bin"}) {
    const Vectors again(scratch / name);
    CHECK(again.words() == vectors.words());
    CHECK((again.vectors() == vectors.vectors()));
  }
  const auto content = [](const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  CHECK(content(scratch / "again.bin") == content(folder + "original.bin"));
}
