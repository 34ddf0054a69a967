// Ids and texts of Hugging Face's tokenizers and of sentencepiece: golden/make_subword_goldens.py.
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/text/byte_pair_tokenizer.hpp"
#include "xeras/text/sentence_piece_tokenizer.hpp"
#include "xeras/text/word_piece_tokenizer.hpp"

using namespace xeras;
using namespace xeras::text;
using nlohmann::json;
using Texts = std::vector<std::string>;
using Sequences = std::vector<std::vector<int>>;

namespace {

std::string decoded_base64(const std::string& text) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(alphabet.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

SubwordTokenizer make(const json& entry) {
  const json& options = entry.at("options");
  const std::string kind = entry.at("kind");
  if (kind == "byte_pair") {
    std::vector<std::pair<std::string, int>> vocabulary;
    for (const auto& [token, id] : entry.at("vocabulary").items()) vocabulary.emplace_back(token, id.get<int>());
    return BytePairTokenizer(vocabulary, entry.at("merges").get<Texts>(),
                             {.add_prefix_space = options.at("add_prefix_space").get<bool>(),
                              .unsplittable_tokens = options.at("unsplittable_tokens").get<Texts>()});
  }
  if (kind == "word_piece") {
    return WordPieceTokenizer(entry.at("vocabulary").get<Texts>(),
                              {.lowercase = options.at("lowercase").get<bool>(),
                               .strip_accents = options.at("strip_accents").get<bool>(),
                               .split_on_cjk = options.at("split_on_cjk").get<bool>(),
                               .special_tokens = options.at("special_tokens").get<Texts>(),
                               .special_tokens_in_strings = true});
  }
  return SentencePieceTokenizer::from_bytes(
      decoded_base64(entry.at("proto")),
      {.add_bos = options.value("add_bos", false), .add_eos = options.value("add_eos", false)});
}

}  // namespace

TEST_CASE("Tokenizers of subwords give the ids and texts of the original libraries") {
  std::ifstream file(XERAS_GOLDEN_FOLDER "/tokenizers/subwords.json");
  const json golden = json::parse(file);
  const auto texts = golden.at("texts").get<Texts>();
  std::size_t cases = 0;
  for (const json& entry : golden.at("cases")) {
    const SubwordTokenizer tokenizer = make(entry);
    const auto expected = entry.at("ids").get<Sequences>();
    const auto decoded = entry.at("decoded").get<Texts>();
    const Sequences ids = tokenizer.tokenize(texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      INFO(entry.at("name") << ": " << texts[i]);
      CHECK(ids[i] == expected[i]);
      CHECK(tokenizer.tokenize(texts[i]) == expected[i]);
      CHECK(tokenizer.detokenize(expected[i]) == decoded[i]);
    }
    CHECK(tokenizer.detokenize(expected) == decoded);
    ++cases;
  }
  CHECK(cases == 12);
}
