// The library's side of compare_tokenizers.py: runs a list of tasks.
//
//   xeras_tokenizers TASKS.json
//
// A task is {"kind", "options", "texts"}, and for each kind: "vocabulary" and "merges" (byte_pair), "vocabulary"
// (word_piece), "proto" (sentence_piece), "fit" or "json" (keras). Writes TASKS.json.out: for each task {"ids",
// "texts"}, the ids of the texts and the texts of the ids, and for keras also "json".
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "xeras/core/threads.hpp"
#include "xeras/text/text.hpp"

namespace {

using nlohmann::json;
using namespace xeras;
using Texts = std::vector<std::string>;

json run(const text::SubwordTokenizer& tokenizer, const Texts& texts) {
  const std::vector<std::vector<int>> ids = tokenizer.tokenize(texts);
  set_num_threads(1);
  if (tokenizer.tokenize(texts) != ids) throw std::logic_error("one thread gives other ids");
  set_num_threads(2);
  return {{"ids", ids}, {"texts", tokenizer.detokenize(ids)}};
}

json run_keras(const json& task, const json& options, const Texts& texts) {
  text::TokenizerOptions own;
  if (options.contains("num_words")) own.num_words = options["num_words"].get<std::int64_t>();
  if (options.contains("oov_token")) own.oov_token = options["oov_token"].get<std::string>();
  own.lower = options.value("lower", own.lower);
  own.char_level = options.value("char_level", own.char_level);
  text::Tokenizer tokenizer(own);
  if (task.contains("json")) {
    tokenizer = text::tokenizer_from_json(task["json"].get<std::string>());
  } else {
    tokenizer.fit_on_texts(task.at("fit").get<Texts>());
  }
  const auto ids = tokenizer.texts_to_sequences(texts);
  return {{"ids", ids}, {"texts", tokenizer.sequences_to_texts(ids)}, {"json", tokenizer.to_json()}};
}

json run(const json& task) {
  const json options = task.value("options", json::object());
  const auto texts = task.at("texts").get<Texts>();
  const std::string kind = task.at("kind");
  if (kind == "keras") return run_keras(task, options, texts);
  if (kind == "byte_pair") {
    const text::BytePairTokenizer tokenizer(task.at("vocabulary").get<std::string>(),
                                            task.at("merges").get<std::string>(),
                                            {.add_prefix_space = options.value("add_prefix_space", false),
                                             .unsplittable_tokens = options.value("unsplittable_tokens", Texts())});
    return run(tokenizer, texts);
  }
  if (kind == "word_piece") {
    const text::WordPieceTokenizer tokenizer(
        task.at("vocabulary").get<std::string>(),
        {.lowercase = options.value("lowercase", false),
         .strip_accents = options.value("strip_accents", false),
         .split_on_cjk = options.value("split_on_cjk", true),
         .special_tokens = options.value("special_tokens", Texts()),
         .special_tokens_in_strings = options.value("special_tokens_in_strings", false)});
    return run(tokenizer, texts);
  }
  if (kind == "sentence_piece") {
    return run(
        text::SentencePieceTokenizer(task.at("proto").get<std::string>(), {.add_bos = options.value("add_bos", false),
                                                                           .add_eos = options.value("add_eos", false)}),
        texts);
  }
  throw std::invalid_argument("unknown kind " + kind);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw std::invalid_argument("expected TASKS.json");
  const std::string path = argv[1];
  std::ifstream file(path);
  json results = json::array();
  for (const json& task : json::parse(file)) results.push_back(run(task));
  std::ofstream(path + ".out") << results.dump();
  return 0;
} catch (const std::exception& error) {
  std::cerr << "xeras_tokenizers: " << error.what() << '\n';
  return 1;
}
