// Learns the language of sentences with several processes that share the work:
//
//   mpirun -np 2 build/release/examples/11_distributed
//
// Any number of processes learns the same: only the order of sums differs.
#include <xeras/distribution.hpp>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <stdexcept>

#include "support/fortunes.hpp"
#include "support/shuffle.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

struct Sentences {
  std::vector<std::string> texts;
  std::vector<int> languages;
};

// Returns the first sentences of each language, in a random order.
Sentences read_sentences(std::size_t per_language) {
  example::check_fortunes();
  Sentences sentences;
  for (std::size_t language = 0; language < example::fortunes.size(); ++language) {
    std::size_t count = 0;
    for (const auto& file : example::files_of(example::fortunes[language])) {
      for (const std::string& text : example::read_fortunes(file)) {
        if (count == per_language) break;
        ++count;
        sentences.texts.push_back(text);
        sentences.languages.push_back(static_cast<int>(language));
      }
    }
  }
  example::shuffle(sentences.texts, 1);
  example::shuffle(sentences.languages, 1);
  return sentences;
}

}  // namespace

int main(int argc, char** argv) {
  // [distributed]
  distribution::initialize(&argc, &argv);
  distribution::set_distribution(distribution::DataParallel());
  set_num_threads(1);  // of each process
  // [distributed]
  try {
    const Sentences sentences = read_sentences(800);
    const Input x = sentences.texts, y = xt::adapt(sentences.languages);

    set_random_seed(1);
    TextVectorization words({.max_tokens = 5000, .output_sequence_length = 30});
    words.adapt(x);
    Sequential model{words, Embedding(5000, 32, {.mask_zero = true}), LSTM(64),
                     Dense(static_cast<std::int64_t>(example::fortunes.size()), {.activation = "softmax"})};
    model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});

    const auto start = std::chrono::steady_clock::now();
    const History history = model.fit(x, y, {.batch_size = 64, .epochs = 2, .verbose = 2, .validation_split = 0.2});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (distribution::process_id() == 0) {
      std::cout << std::fixed << distribution::num_processes() << " processes: " << std::setprecision(1)
                << seconds.count() << " s, loss " << std::setprecision(3) << history["loss"].back()
                << ", held-out accuracy " << history["val_accuracy"].back() << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << std::endl;
    return EXIT_FAILURE;
  }
}
