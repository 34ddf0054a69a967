// The code of docs/files.md, and that of docs/text.md which needs files. It runs as a test, which compares what the
// page states about a result with the actual result.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "support/expect.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

const xt::xtensor<int, 2> x{{1, 2, 3, 0}, {4, 5, 0, 0}, {6, 7, 8, 9}};
const xt::xtensor<float, 2> y{{1}, {0}, {1}};

Sequential make_model() {
  Sequential model{Embedding(10, 4, {.mask_zero = true}), LSTM(5), Dense(1, {.activation = "sigmoid"})};
  model.compile("adam", "binary_crossentropy", {"accuracy"});
  return model;
}

void whole_models() {
  Sequential model = make_model();
  // [whole]
  model.fit(x, y, {.epochs = 3, .verbose = 0});
  model.save("review.keras");

  Sequential later = load_model("review.keras");
  later.fit(x, y, {.epochs = 6, .verbose = 0, .initial_epoch = 3});  // goes on where the first one stopped
  // [whole]
  expect(later.optimizer().iterations() == 6, "the optimizer's steps are counted on");
}

void parts_of_models() {
  Sequential model = make_model();
  // [parts]
  model.save_weights("review.weights.h5");
  const std::string layers = model.to_json();

  Sequential other = model_from_json(layers);
  other.load_weights("review.weights.h5");
  // [parts]
  expect(same(other.predict(x), model.predict(x)), "layers and weights make the model");
}

void samples() {
  Sequential model = make_model();
  // [sample]
  model.save("review.keras", {.sample = x});
  const Sequential checked = load_model("review.keras", {.verify = true});  // raises unless it predicts the same
  // [sample]
  expect(same(checked.predict(x), model.predict(x)), "the sample fits");
}

void facts() {
  Sequential model = make_model();
  // [metadata]
  const std::vector<std::string> labels{"bad", "good"};
  model.save("review.keras", {.metadata = {{"labels", to_value(labels)}}});

  std::vector<std::string> names;
  for (const auto& [key, value] : load_metadata("review.keras")) {
    if (key == "labels") from_value(value, names, key);
  }
  // [metadata]
  expect(names == labels, "the labels are read");
}

void checkpoints() {
  Sequential model = make_model();
  // [checkpoints]
  model.fit(
      x, y,
      {.epochs = 4,
       .verbose = 0,
       .callbacks = {callbacks::ModelCheckpoint("best-{epoch:02d}.keras", {.monitor = "loss", .save_best_only = true}),
                     callbacks::BackupAndRestore("backup")}});
  // [checkpoints]
  expect(std::filesystem::exists("best-01.keras"), "the first epoch is the best so far");
}

void tokenizers() {
  text::Tokenizer tokenizer;
  tokenizer.fit_on_texts({"a charming film", "a dull film"});
  // [tokenizer]
  const std::string json = tokenizer.to_json();
  const text::Tokenizer same_ids = text::Tokenizer::from_json(json);
  // [tokenizer]
  expect(same_ids.texts_to_sequences({"dull film"}) == tokenizer.texts_to_sequences({"dull film"}), "the same ids");
}

void subwords() {
  std::ofstream("vocab.json") << R"({"f": 0, "o": 1, "x": 2, "ox": 3, "<|endoftext|>": 4})";
  std::ofstream("merges.txt") << "#version: 0.2\no x\n";
  std::ofstream("vocab.txt") << "[UNK]\nthe\nqu\n##ick\nbr\n##own\nfox\n.\n";
  // [subwords]
  const text::BytePairTokenizer gpt2("vocab.json", "merges.txt", {.unsplittable_tokens = {"<|endoftext|>"}});
  const text::WordPieceTokenizer bert("vocab.txt", {.lowercase = true, .strip_accents = true});

  const auto ids = bert.tokenize({"The quick brown fox.", "A fox"});  // {{1, 2, 3, 4, 5, 6, 7}, {0, 6}}
  const std::string text = bert.detokenize(ids[0]);                   // "the quick brown fox ."
  // [subwords]
  expect(gpt2.tokenize("fox<|endoftext|>") == std::vector<int>{0, 3, 4}, "byte pairs");
  expect(ids == std::vector<std::vector<int>>{{1, 2, 3, 4, 5, 6, 7}, {0, 6}}, "word pieces");
  expect(text == "the quick brown fox .", "the text");
}

}  // namespace

int main() try {
  const auto folder = std::filesystem::temp_directory_path() / "xeras-docs-files";
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  set_random_seed(1);
  whole_models();
  parts_of_models();
  samples();
  facts();
  checkpoints();
  tokenizers();
  subwords();
  std::filesystem::current_path(folder.parent_path());
  std::filesystem::remove_all(folder);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
