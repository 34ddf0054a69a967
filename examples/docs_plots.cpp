// The code of docs/plots.md. It runs as a test; given a folder, it writes the pictures of the page there.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "support/expect.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

const std::vector<std::string> good{"wonderful", "moving", "brilliant", "funny", "charming", "clever"};
const std::vector<std::string> bad{"dull", "weak", "tedious", "clumsy", "flat", "silly"};
const std::vector<std::string> other{"the", "plot", "cast", "music", "ending", "film", "was", "and", "a", "very"};

struct Reviews {
  std::vector<std::string> texts;
  std::vector<int> is_good;
};

// Ten words each, of which about one is an opinion. Every twelfth review is mistaken.
Reviews write_reviews(std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed);
  std::uint64_t draws = 0;
  const auto one_of = [&](const std::vector<std::string>& words) { return words[random.below(draws++, words.size())]; };
  Reviews reviews;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_good = random.below(draws++, 2) == 1;
    const bool is_mistaken = random.below(draws++, 12) == 0;
    std::string text = one_of(is_good ? good : bad);
    for (int word = 0; word < 9; ++word) text += " " + one_of(other);
    reviews.texts.push_back(text);
    reviews.is_good.push_back(is_good != is_mistaken);
  }
  return reviews;
}

void draw_all() {
  const Reviews train = write_reviews(1200, 1), test = write_reviews(400, 2);
  text::Tokenizer tokenizer;
  tokenizer.fit_on_texts(train.texts);
  const auto encode = [&](const std::vector<std::string>& texts) {
    return text::pad_sequences(tokenizer.texts_to_sequences(texts), {.padding = "post"});
  };
  const auto x = encode(train.texts), x_test = encode(test.texts);
  const std::vector<int>&y = train.is_good, &y_test = test.is_good;
  Sequential model{Embedding(tokenizer.word_index().size() + 1, 8, {.mask_zero = true}), Dropout(0.2),
                   GlobalAveragePooling1D(), Dense(1, {.activation = "sigmoid"})};
  model.compile(optimizers::Adam({.learning_rate = 0.02}), "binary_crossentropy", {"accuracy"});

  // [history]
  const History history = model.fit(x, y, {.epochs = 12, .verbose = 0, .validation_data = {x_test, y_test}});
  history.plot("curves.svg");
  // [history]

  // [model]
  plot_model(model, "model.svg", {.show_shapes = true, .show_layer_names = true, .show_masks = true});
  // [model]

  // [confusion]
  plots::confusion("confusion.svg", y_test, model.predict(x_test), {"negative", "positive"});
  // [confusion]

  // [embedding]
  const Tensor table = model.get_layer("embedding").get_weights()[0];
  std::vector<std::string> words{"(padding)"};  // id 0
  for (const auto& [word, id] : tokenizer.word_index()) words.push_back(word);
  plots::embedding("words.svg", table, words, {.width = 600, .height = 400});
  // [embedding]

  // [options]
  history.plot("loss.svg", {.keys = "loss", .log_scale = "loss", .title = "Reviews", .background = "white"});
  // [options]
  for (const char* name : {"curves.svg", "model.svg", "confusion.svg", "words.svg", "loss.svg"}) {
    expect(std::filesystem::file_size(name) < 10'000, std::string(name) + " is small");
  }
}

}  // namespace

int main(int count, char** arguments) try {
  const bool keeps = count > 1;
  const std::filesystem::path folder =
      keeps ? std::filesystem::path(arguments[1]) : std::filesystem::temp_directory_path() / "xeras-docs-plots";
  std::filesystem::create_directories(folder);
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  set_random_seed(1);
  draw_all();
  std::filesystem::current_path(here);
  if (!keeps) std::filesystem::remove_all(folder);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
