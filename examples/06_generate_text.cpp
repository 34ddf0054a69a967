// Learns to write in the style of a text, character by character, then writes. The training model reads windows of the
// text and predicts every next character at once. The writing model has the same weights and is stateful: it takes one
// character at a time and remembers the rest.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "support/fortunes.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

constexpr std::size_t window = 64;  // characters per training sample

std::string read_text(const std::string& path) {
  if (path.empty()) {
    check_fortunes();
    std::string text;
    for (const auto& file : files_of(fortunes[1])) {
      for (const std::string& one : read_fortunes(file)) text += one + "\n\n";
    }
    return text.substr(0, text.find("\n\n", 400'000) + 2);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read; expected a text file");
  return {std::istreambuf_iterator<char>(file), {}};
}

// [models]
Sequential make_model(std::int64_t characters) {
  return Sequential{Embedding(characters, 32), LSTM(192, {.return_sequences = true}),
                    Dense(characters, {.activation = "softmax"})};
}

Sequential make_writer(std::int64_t characters) {
  return Sequential{Embedding(characters, 32, {.batch_input_shape = {1, 1}}), LSTM(192, {.stateful = true}),
                    Dense(characters, {.activation = "softmax"})};
}
// [models]

// Draws an index by its probability. A temperature below 1 favours likely characters, one above 1 takes more risks.
std::size_t sample(const Tensor& probabilities, double temperature, double uniform) {
  std::vector<double> weights;
  double sum = 0.0;
  for (const float p : probabilities) {
    weights.push_back(std::pow(static_cast<double>(p), 1.0 / temperature));
    sum += weights.back();
  }
  double left = uniform * sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0.0) return i;
  }
  return weights.size() - 1;
}

}  // namespace

int main(int argc, char** argv) try {
  std::string file;
  std::string seed = "The ";
  int epochs = 4;
  int count = 400;
  double temperature = 0.6;
  CLI::App app("Learns to write like a text, then writes.");
  app.add_option("file", file, "The text, UTF-8; default: sayings of the fortune program");
  app.add_option("--seed", seed, "How the new text begins")->capture_default_str();
  app.add_option("--epochs", epochs, "How often to go through the text")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--count", count, "How many characters to write")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--temperature", temperature, "Below 1: careful; above 1: daring")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  text::Tokenizer tokenizer({.filters = "", .lower = false, .char_level = true});
  const std::string text = read_text(file);
  tokenizer.fit_on_texts({text});
  const std::vector<int> ids = tokenizer.texts_to_sequences({text})[0];
  const auto characters = std::ssize(tokenizer.word_index()) + 1;
  const std::size_t samples = ids.empty() ? 0 : (ids.size() - 1) / window;
  if (samples == 0) throw std::runtime_error("the text is too short; expected some thousand characters");
  std::cout << ids.size() << " characters, " << characters - 1 << " of them different\n\n";

  // The windows, and the same windows shifted by one character.
  const std::array<std::size_t, 2> shape{samples, window};
  const auto x = xt::adapt(ids.data(), samples * window, xt::no_ownership(), shape);
  const auto y = xt::adapt(ids.data() + 1, samples * window, xt::no_ownership(), shape);

  set_random_seed(1);
  Sequential model = make_model(characters);
  model.summary();
  model.compile(optimizers::Adam({.learning_rate = 0.004}), "sparse_categorical_crossentropy", {"accuracy"});
  model.fit(x, y, {.batch_size = 32, .epochs = epochs});

  // [write]
  Sequential writer = make_writer(characters);
  writer.set_weights(model.get_weights());
  const std::vector<int> start = tokenizer.texts_to_sequences({seed})[0];
  if (start.empty()) throw std::runtime_error("--seed has no character of the text; expected one at least");
  Tensor next;
  for (const int id : start) writer.predict({{id}}, next);
  std::cout << "\n" << seed;
  const RandomStream random(1);
  for (int i = 0; i < count; ++i) {
    const auto id = static_cast<int>(sample(next, temperature, random.uniform(static_cast<std::uint64_t>(i))));
    if (id == 0) continue;  // padding, which the text does not contain
    std::cout << tokenizer.index_word().at(id) << std::flush;
    writer.predict({{id}}, next);
  }
  // [write]
  std::cout << '\n';
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
