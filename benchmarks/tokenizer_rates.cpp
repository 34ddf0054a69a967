// Words per second of the tokenizers. tokenizer_rates.py does the same with other libraries, and `compare_tokenizers` runs
// both.
//
//   tokenizer_rates FOLDER [--threads N] [--seconds S]
//
// FOLDER has lines.txt, vocab.json and merges.txt, vocab.txt, unigram.model and bpe.model, which tokenizer_rates.py writes.
// Prints one line of JSON per tokenizer.
#include <CLI/CLI.hpp>
#include <xeras/xeras.hpp>

#include <fstream>
#include <string>
#include <vector>

#include "support/stopwatch.hpp"

using namespace xeras;
using namespace xeras::text;

int main(int argc, char** argv) {
  CLI::App app{"Words per second of the tokenizers"};
  std::string folder;
  int threads = 1;
  double seconds = 3.0;
  bool on_request = false;
  app.add_option("folder", folder)->required();
  app.add_option("--threads", threads);
  app.add_option("--seconds", seconds);
  app.add_flag("--on-request", on_request);
  CLI11_PARSE(app, argc, argv);
  set_num_threads(threads);

  std::vector<std::string> lines;
  std::ifstream file(folder + "/lines.txt");
  for (std::string line; std::getline(file, line);) lines.push_back(line);

  const benchmarks::Stopwatch stopwatch(seconds, on_request);
  std::vector<std::vector<int>> ids;
  const auto time = [&](const char* name, const SubwordTokenizer& tokenizer) {
    stopwatch.time(name, [&] { tokenizer.tokenize(lines, ids); });
  };
  time("byte_pair", BytePairTokenizer(folder + "/vocab.json", folder + "/merges.txt"));
  time("word_piece", WordPieceTokenizer(folder + "/vocab.txt", {.lowercase = true, .strip_accents = true}));
  time("sentence_piece-unigram", SentencePieceTokenizer(folder + "/unigram.model"));
  time("sentence_piece-bpe", SentencePieceTokenizer(folder + "/bpe.model"));
  Tokenizer tokenizer({.num_words = 20000});
  tokenizer.fit_on_texts(lines);
  stopwatch.time("keras-texts_to_sequences", [&] { ids = tokenizer.texts_to_sequences(lines); });
  stopwatch.time("keras-fit_on_texts", [&] { Tokenizer().fit_on_texts(lines); });
}
