#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/text/tokenizer.hpp"

using namespace xeras;
using nlohmann::json;
using xeras::text::Tokenizer;
using xeras::text::TokenizerOptions;
using Texts = std::vector<std::string>;
using Sequences = std::vector<std::vector<int>>;

namespace {

// What tf_keras 2.21.0 made: golden/make_tokenizer_json.py.
json golden_cases() {
  std::ifstream file(XERAS_GOLDEN_FOLDER "/tokenizers/keras.json");
  return json::parse(file).at("cases");
}

TokenizerOptions options_in(const json& options) {
  TokenizerOptions result;
  if (options.contains("num_words")) result.num_words = options["num_words"].get<std::int64_t>();
  if (options.contains("oov_token")) result.oov_token = options["oov_token"].get<std::string>();
  result.filters = options.value("filters", result.filters);
  result.split = options.value("split", result.split);
  result.lower = options.value("lower", result.lower);
  result.char_level = options.value("char_level", result.char_level);
  return result;
}

constexpr float rounding = 1e-6f;

void check_results(const Tokenizer& tokenizer, const json& entry) {
  const auto texts = entry.at("new_texts").get<Texts>();
  CHECK(tokenizer.texts_to_sequences(texts) == entry.at("sequences").get<Sequences>());
  const Tensor matrix = tokenizer.texts_to_matrix(texts, "tfidf");
  const auto expected = entry.at("tfidf").get<std::vector<std::vector<float>>>();
  REQUIRE(matrix.shape(0) == expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) {
    REQUIRE(matrix.shape(1) == expected[row].size());
    for (std::size_t column = 0; column < expected[row].size(); ++column) {
      CHECK_THAT(matrix(row, column), Catch::Matchers::WithinAbs(expected[row][column], rounding));
    }
  }
}

// Returns a configuration with the dictionaries parsed, because Keras writes two of them in random order.
json parsed(const std::string& text) {
  json result = json::parse(text);
  for (const char* name : {"word_counts", "word_docs", "index_docs", "index_word", "word_index"}) {
    json& field = result.at("config").at(name);
    field = json::parse(field.get<std::string>());
  }
  return result;
}

// A tokenizer's JSON with one field of its configuration replaced.
std::string with(const char* name, const json& value) {
  Tokenizer tokenizer({.oov_token = "<unk>"});
  tokenizer.fit_on_texts({"a b b"});
  nlohmann::ordered_json file = nlohmann::ordered_json::parse(tokenizer.to_json());
  file["config"][name] = value;
  return file.dump();
}

std::string message_for(const char* name, const json& value) {
  return message_of<FileError>([&] { Tokenizer::from_json(with(name, value)); });
}

}  // namespace

TEST_CASE("Tokenizer reads the JSON of Keras") {
  for (const json& entry : golden_cases()) {
    INFO(entry.at("options"));
    const Tokenizer tokenizer = text::tokenizer_from_json(entry.at("json").get<std::string>());
    check_results(tokenizer, entry);
    CHECK(parsed(tokenizer.to_json()) == parsed(entry.at("json").get<std::string>()));
  }
}

TEST_CASE("Tokenizer writes the JSON of Keras") {
  for (const json& entry : golden_cases()) {
    INFO(entry.at("options"));
    Tokenizer tokenizer(options_in(entry.at("options")));
    tokenizer.fit_on_texts(entry.at("texts").get<Texts>());
    check_results(tokenizer, entry);
    const std::string written = tokenizer.to_json();
    CHECK(parsed(written) == parsed(entry.at("json").get<std::string>()));
    // The text up to word_docs has no random order in Keras, so it is the same to the byte.
    const auto beginning = [](const std::string& text) { return text.substr(0, text.find("\"word_docs\"")); };
    CHECK(beginning(written) == beginning(entry.at("json").get<std::string>()));
    CHECK(Tokenizer::from_json(written).to_json() == written);
  }
}

TEST_CASE("Tokenizer from JSON learns on as the original does") {
  Tokenizer tokenizer({.num_words = 4, .errors = "replace"});
  tokenizer.fit_on_texts({"a b b", "c c \xff"});
  Tokenizer again = Tokenizer::from_json(tokenizer.to_json());
  CHECK(again.options().errors == "replace");
  for (Tokenizer* one : {&tokenizer, &again}) one->fit_on_texts({"c b d", "a a a a"});
  CHECK(again.to_json() == tokenizer.to_json());
  CHECK(again.index_word() == tokenizer.index_word());
  CHECK(again.document_count() == 4);
}

TEST_CASE("Tokenizer without any texts has JSON, too") {
  const std::string written = Tokenizer().to_json();
  CHECK(
      written ==
      R"({"class_name": "Tokenizer", "config": {"num_words": null, "filters": "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n", )"
      R"("lower": true, "split": " ", "char_level": false, "oov_token": null, "document_count": 0, )"
      R"("word_counts": "{}", "word_docs": "{}", "index_docs": "{}", "index_word": "{}", "word_index": "{}"}})");
  CHECK(Tokenizer::from_json(written).to_json() == written);
}

TEST_CASE("Tokenizer refuses to write what JSON cannot hold") {
  CHECK(
      message_of<InvalidArgument>(
          [] { Tokenizer({.analyzer = [](const std::string&) { return Texts(); }}).to_json(); }) ==
      "Tokenizer: to_json of a tokenizer with an analyzer; expected one without, because JSON cannot hold a function. "
      "Make the tokens with your function and use fit_on_tokens and tokens_to_sequences.");
  CHECK(message_of<InvalidArgument>([] { Tokenizer({.oov_token = "\xff"}).to_json(); }) ==
        "Tokenizer: to_json with an oov_token that is not UTF-8; expected valid UTF-8. Save the source file as UTF-8.");
}

TEST_CASE("Tokenizer refuses JSON that is none of its own") {
  const auto message = [](const std::string& text) {
    return message_of<FileError>([&] { Tokenizer::from_json(text); });
  };
  CHECK(message("[1]") ==
        "Tokenizer: json: [1]; expected {\"class_name\": \"Tokenizer\", \"config\": {...}}. The JSON may be damaged.");
  CHECK(message("{\"class_name\": \"Tokenizer\", \"config\": 3}") ==
        "Tokenizer: config: 3; expected a dictionary. The JSON may be damaged.");
  CHECK(
      message("{\"class_name\": \"Tokenizer\", \"config\": {}}") ==
      "Tokenizer: config: the key \"num_words\" is missing; expected what Tokenizer.to_json of Keras writes. The JSON "
      "may be damaged.");
  CHECK(
      message_for("lowr", true) ==
      "Tokenizer: config key \"lowr\" is unknown; did you mean \"lower\"? Known: char_level, document_count, filters, "
      "index_docs, index_word, lower, num_words, oov_token, split, word_counts, word_docs, word_index.");
}

TEST_CASE("Tokenizer checks each value in JSON") {
  CHECK(message_for("lower", "yes") == "Tokenizer: config.lower: \"yes\"; expected true or false.");
  CHECK(message_for("split", "") ==
        "Tokenizer: split is \"\"; expected what separates words, such as \" \". For characters instead of words use a "
        "Tokenizer with char_level = true.");
  CHECK(message_for("word_counts", json::object()) == "Tokenizer: config.word_counts: {}; expected a string.");
  CHECK(message_for("word_counts", "[]") ==
        "Tokenizer: config.word_counts: []; expected a dictionary. The JSON may be damaged.");
  CHECK(message_for("word_counts", R"({"a": -1})") ==
        "Tokenizer: config.word_counts[\"a\"]: -1; expected a count from 0 to 2^53. The JSON may be damaged.");
  CHECK(message_for("word_docs", R"({"a": 1, "b": 1, "c": 1})") ==
        "Tokenizer: config.word_docs[\"c\"]: a word that word_counts lacks; expected the same words in both. The JSON "
        "may "
        "be damaged.");
  CHECK(message_for("word_docs", R"({"a": 1})") ==
        "Tokenizer: config.word_counts[\"b\"]: a word that word_docs lacks; expected the same words in both. The JSON "
        "may "
        "be damaged.");
  CHECK(message_for("index_docs", R"({"1x": 1})") ==
        "Tokenizer: config.index_docs: the key \"1x\"; expected an id from 0 to 2^31 - 1. The JSON may be damaged.");
  CHECK(message_for("index_word", R"({"2": 5})") == "Tokenizer: config.index_word[\"2\"]: 5; expected a string.");
  CHECK(message_for("word_index", R"({"a": 2147483648})") ==
        "Tokenizer: config.word_index[\"a\"]: 2147483648; expected an id from 0 to 2^31 - 1. The JSON may be damaged.");
  CHECK(message_for("word_index", R"({"a": 2})") ==
        "Tokenizer: config.word_index: no id for the oov_token \"<unk>\"; expected one. The JSON may be damaged.");
  CHECK(message_for("document_count", -1) ==
        "Tokenizer: config.document_count: -1; expected a count from 0 to 2^53. The JSON may be damaged.");
}

// A common idiom in Python: tokenizer.word_index["<pad>"] = 0.
TEST_CASE("Tokenizer takes an id 0 and words without a count from JSON") {
  const Tokenizer tokenizer = Tokenizer::from_json(with("word_index", R"({"<unk>": 1, "<pad>": 0, "b": 2})"));
  CHECK(tokenizer.texts_to_sequences({"b a"}) == Sequences{{2, 1}});
  CHECK(tokenizer.word_index()["<pad>"] == 0);
}
