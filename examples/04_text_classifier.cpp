// Learns to classify texts: the `label<TAB>text` lines of any file or, without a file, sentences by their language. It
// compares five models on the same data, from a bag of words to a bidirectional LSTM.
#include <unistd.h>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <numeric>
#include <stdexcept>

#include "support/labelled_texts.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

// [models]
// Ids become vectors, one layer or two make a vector of the sequence of them, a softmax looks at that.
Sequential make_model(const std::string& kind, std::int64_t words, std::size_t labels) {
  Sequential model;
  // A convolution sees its neighbours, padding too, and takes no mask.
  model.add(Embedding(words, 64, {.mask_zero = kind != "cnn"}));
  if (kind == "bag") {
    model.add(GlobalAveragePooling1D());
  } else if (kind == "cnn") {
    model.add(Conv1D(128, 3, {.padding = "same", .activation = "relu"}));
    model.add(GlobalMaxPooling1D());
  } else if (kind == "lstm") {
    model.add(LSTM(64));
  } else if (kind == "bilstm") {
    model.add(Bidirectional(LSTM(64)));
  } else {
    model.add(GRU(64));
  }
  model.add(Dropout(0.3));
  model.add(Dense(labels, {.activation = "softmax"}));
  return model;
}
// [models]

void print_guess(const Sequential& model, const std::vector<std::string>& labels, const xt::xtensor<int, 2>& ids) {
  const Tensor probabilities = model.predict(ids);
  std::vector<std::size_t> ranking(labels.size());
  std::iota(ranking.begin(), ranking.end(), std::size_t{0});
  std::sort(ranking.begin(), ranking.end(), [&](auto a, auto b) { return probabilities(0, a) > probabilities(0, b); });
  for (std::size_t i = 0; i < std::min<std::size_t>(3, labels.size()); ++i) {
    std::cout << (i > 0 ? ", " : "") << labels[ranking[i]] << ' ' << std::fixed << std::setprecision(1)
              << 100.0 * probabilities(0, ranking[i]) << " %";
  }
  std::cout << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  std::string file;
  std::string kind = "bag";
  int epochs = 4;
  int words = 20'000;
  int length = 60;
  double held_out = 0.1;
  std::string pictures;
  CLI::App app("Trains a text classifier, tests it, and classifies the lines of standard input.");
  app.add_option("file", file,
                 "Lines of label<TAB>text, UTF-8; default: sentences of the fortune program, by language");
  app.add_option("--model", kind, "What reads the words")
      ->capture_default_str()
      ->check(CLI::IsMember({"bag", "cnn", "lstm", "bilstm", "gru"}));
  app.add_option("--epochs", epochs, "How often to go through the data")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--words", words, "Size of the vocabulary; rarer words are all the same")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--length", length, "How many words of a text to read")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--held-out", held_out, "The share to test with")->capture_default_str()->check(CLI::Range(0.01, 0.9));
  app.add_option("--pictures", pictures, "A folder for pictures of the training and of the confusion of labels");
  CLI11_PARSE(app, argc, argv);

  const LabelledTexts all = file.empty() ? sentences_by_language(4000, 1) : read_labelled_texts(file);
  if (all.labels.size() < 2) throw std::runtime_error("the texts have one label; expected two or more to tell apart");
  const auto [test, train] = all.split(held_out, 1);
  std::cout << train.texts.size() << " texts to learn from, " << test.texts.size() << " to test with, "
            << all.labels.size() << " labels\n\n";

  // [text]
  text::Tokenizer tokenizer({.num_words = words, .oov_token = "<unk>"});
  tokenizer.fit_on_texts(train.texts);
  const auto encode = [&](const std::vector<std::string>& texts) {
    const auto sequences = tokenizer.texts_to_sequences(texts);
    // At least one step, since a text without words would have none.
    return text::pad_sequences(sequences, {.maxlen = length, .padding = "post", .truncating = "post"});
  };
  // [text]
  set_random_seed(1);
  Sequential model =
      make_model(kind, std::min<std::int64_t>(words, std::ssize(tokenizer.word_index()) + 1), all.labels.size());
  model.summary();
  model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
  const xt::xtensor<int, 2> x_test = encode(test.texts);
  const auto y_test = xt::adapt(test.label_of);
  const History history = model.fit(encode(train.texts), xt::adapt(train.label_of),
                                    {.batch_size = 32, .epochs = epochs, .validation_data = {x_test, y_test}});

  const Tensor predicted = model.predict(x_test);
  metrics::F1Score f1;
  f1.update_state(utils::to_categorical(y_test, std::ssize(all.labels)), predicted);
  std::cout << "\nHeld-out accuracy " << std::fixed << std::setprecision(4) << history["val_accuracy"].back() << "\n\n";
  for (std::size_t i = 0; i < all.labels.size(); ++i)
    std::cout << "F1 " << f1.results()(i) << "  " << all.labels[i] << '\n';
  if (!pictures.empty()) {
    history.plot(pictures + "/curves.svg");
    plots::confusion(pictures + "/confusion.svg", y_test, predicted, all.labels);
  }

  std::cout << std::endl;
  if (isatty(STDIN_FILENO)) std::cout << "Type texts, one a line; Ctrl-D ends.\n";
  for (std::string line; std::getline(std::cin, line);) print_guess(model, all.labels, encode({line}));
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
