// Learns vectors of words from their neighbours in a text: the skip-gram of word2vec, whose negative samples are those
// of a SampledSoftmax. Words that occur among the same words get vectors in the same direction.
//
//   08_word_vectors [FILE...]    text files in UTF-8; default: the English fortunes of Debian
//
// Prints the nearest words of some frequent words, and writes word_vectors.txt (word2vec's format) and
// word_vectors.svg, a picture of the most frequent words.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "support/fortunes.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

constexpr std::int64_t dimension = 64;

// [pairs]
/// Words and their neighbours, up to five to either side; frequent words are words of fewer pairs.
class Pairs final : public data::Dataset {
 public:
  /// The number of zeros between texts: skipgrams leaves zeros out, so no pair joins two texts.
  static constexpr std::int64_t window = 5;

  Pairs(std::vector<int> ids, std::int64_t words)
      : ids_(std::move(ids)), words_(words), table_(text::make_sampling_table(words, {.sampling_factor = 1e-4})) {}

  std::int64_t num_batches() const override { return std::ssize(ids_) / ids_a_batch; }
  void set_epoch(std::int64_t epoch) override { epoch_ = epoch; }
  data::Batch get_batch(std::int64_t index) override {
    const auto first = ids_.begin() + index * ids_a_batch;
    const std::vector<int> part(first, first + ids_a_batch);
    const auto [couples, labels] = text::skipgrams(part, words_,
                                                   {.window_size = window,
                                                    .negative_samples = 0,
                                                    .sampling_table = table_,
                                                    .seed = epoch_ * num_batches() + index});
    const xt::xtensor<int, 2> words = xt::view(couples, xt::all(), xt::range(0, 1));
    const xt::xtensor<int, 1> neighbours = xt::view(couples, xt::all(), 1);
    return {words, neighbours};
  }

 private:
  static constexpr std::int64_t ids_a_batch = 512;

  std::vector<int> ids_;
  std::int64_t words_, epoch_ = 0;
  text::Array<double> table_;
};
// [pairs]

/// Returns the lines of files, or the English fortunes.
std::vector<std::string> read_texts(int count, char** paths) {
  std::vector<std::string> texts;
  if (count == 0) {
    check_fortunes();
    for (const auto& path : files_of(fortunes[1])) {
      for (std::string& text : read_fortunes(path)) texts.push_back(std::move(text));
    }
  }
  for (int i = 0; i < count; ++i) {
    std::ifstream file(paths[i]);
    if (!file) throw std::runtime_error(std::string(paths[i]) + " cannot be opened; expected a text file.");
    for (std::string line; std::getline(file, line);) texts.push_back(line);
  }
  return texts;
}

/// Returns the number of words that occur at least ten times, and one for the padding.
std::int64_t count_words(const text::Tokenizer& tokenizer) {
  std::int64_t words = 1;
  for (const auto& [word, count] : tokenizer.word_counts()) words += count >= 10;
  return words;
}

/// Returns the ids below `words`, with zeros between the texts.
std::vector<int> join(const std::vector<std::vector<int>>& texts, std::int64_t words) {
  std::vector<int> ids;
  for (const std::vector<int>& text : texts) {
    std::copy_if(text.begin(), text.end(), std::back_inserter(ids), [&](int id) { return id < words; });
    ids.insert(ids.end(), Pairs::window, 0);
  }
  return ids;
}

void run(int count, char** paths) {
  const std::vector<std::string> texts = read_texts(count, paths);
  text::Tokenizer tokenizer({.errors = "replace"});
  tokenizer.fit_on_texts(texts);
  const std::int64_t words = count_words(tokenizer);
  std::cout << texts.size() << " texts; " << words - 1 << " words occur ten times\n";
  if (words <= 100) throw std::runtime_error("too few words occur ten times; expected 100. Give a longer text.");

  // [model]
  set_random_seed(1);
  Sequential model{Embedding(words, dimension, {.input_length = 1}), Flatten(),
                   SampledSoftmax(words, {.num_sampled = std::min<std::int64_t>(256, words / 2), .use_bias = false})};
  model.compile(optimizers::Adam({.learning_rate = 0.003}), "sparse_categorical_crossentropy");
  Pairs pairs(join(tokenizer.texts_to_sequences(texts), words), words);
  model.fit(pairs, {.epochs = 10, .verbose = 2, .workers = 2});
  // [model]

  // [vectors]
  std::vector<std::string> names;
  for (int id = 1; id < static_cast<int>(words); ++id) names.push_back(tokenizer.index_word().at(id));
  const Tensor table = xt::view(model.get_weights()[0], xt::range(1, words), xt::all());
  const text::Vectors vectors(names, table);
  vectors.save_word2vec("word_vectors.txt");
  plots::embedding("word_vectors.svg", table, names, {.max_words = 150, .title = "Frequent words"});
  // [vectors]
  for (std::size_t rank = 100; rank < std::min<std::size_t>(names.size(), 1000); rank += 60) {
    std::cout << names[rank] << ':';
    for (const auto& [word, similarity] : vectors.most_similar(names[rank], 6)) std::cout << ' ' << word;
    std::cout << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) try { run(argc - 1, argv + 1); } catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
