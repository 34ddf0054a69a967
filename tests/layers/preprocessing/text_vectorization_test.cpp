#include "xeras/layers/preprocessing/text_vectorization.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

using Texts = std::vector<std::string>;

const Texts films = {"A charming film!", "dull, dull film", "a dull cast", "charming"};

TextVectorization adapted(TextVectorizationOptions options = {}) {
  TextVectorization layer(std::move(options));
  layer.adapt(films);
  return layer;
}

Tensor output_of(TextVectorization layer, const Input& texts) {
  Sequential model{std::move(layer)};
  return model.predict(texts);
}

// 20000 words, most of them rare.
Texts many_texts(std::size_t count) {
  Texts texts;
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (int word = 0; word < 20; ++word) {
      state = state * 1664525u + 1013904223u;
      const std::uint32_t rank = state >> 18;
      text += "w" + std::to_string(rank * rank / 20000) + ' ';
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace

TEST_CASE("TextVectorization is called outside a model, for ids") {
  const TextVectorization layer = adapted();
  const xt::xarray<int> ids = layer({"a DULL film", "unheard"});
  CHECK((ids == xt::xarray<int>{{5, 2, 3}, {1, 0, 0}}));
  CHECK((output_of(layer, {"a DULL film", "unheard"}) == Tensor(ids)));
  CHECK((adapted({.output_sequence_length = 2})({"a dull film", ""}) == xt::xarray<int>{{5, 2}, {0, 0}}));
  CHECK((adapted({.split = "none"})(Input({{"dull", "film"}, {"a", "?"}})).shape(1) == 2));
  CHECK(layer(Texts{}).shape(0) == 0);
  CHECK(message_of<Error>([] { adapted({.output_mode = "count"})(films); }) ==
        "TextVectorization: is called with output_mode = \"count\"; expected \"int\". Use it within a model.");
  CHECK(message_of<InvalidInput>([&] {
          layer({{"a", "b"}});
        }) == "TextVectorization: texts have shape (1, 2); expected (batch) or (batch, 1).");
  CHECK(message_of<InvalidInput>([&] { layer({{1, 2}}); }).starts_with("TextVectorization: "));
}

TEST_CASE("TextVectorization numbers words by frequency, equally frequent ones from the last") {
  const TextVectorization layer = adapted();
  CHECK(layer.get_vocabulary() == Texts{"", "[UNK]", "dull", "film", "charming", "a", "cast"});
  CHECK(layer.get_vocabulary(false) == Texts{"dull", "film", "charming", "a", "cast"});
  CHECK(layer.vocabulary_size() == 7);
  CHECK(adapted({.max_tokens = 4}).get_vocabulary() == Texts{"", "[UNK]", "dull", "film"});
  CHECK(adapted({.output_mode = "count"}).get_vocabulary()[0] == "[UNK]");
}

TEST_CASE("TextVectorization pads to the longest text of a batch, or to a length") {
  CHECK((output_of(adapted(), {"a good film", "dull"}) == Tensor{{5, 1, 3}, {2, 0, 0}}));
  CHECK((output_of(adapted({.output_sequence_length = 2}), {"a good film", "dull"}) == Tensor{{5, 1}, {2, 0}}));
  CHECK((output_of(adapted(), {"", " "}) == Tensor(xt::zeros<float>({2, 1}))));
  Sequential model{adapted()};
  CHECK(model.output_shape() == Shape({None, None}));
  // Each batch has its own length, so these cannot be joined.
  CHECK(message_of<InvalidInput>([&] {
          model.predict({"a film", "dull"}, {.batch_size = 1});
        }) ==
        "predict: a batch has predictions of shape (1, 1) behind others of shape (1, 2); expected equal sizes but for "
        "the "
        "first axis, to join them. Pad the texts of all batches to one length, or predict batch by batch.");
}

TEST_CASE("TextVectorization takes texts of shape (batch) and (batch, 1)") {
  Sequential model{adapted()};
  const Texts flat{"a film", "dull"};
  const std::vector<Texts> rows{{"a film"}, {"dull"}};
  CHECK((model.predict(flat) == model.predict(rows)));
  Sequential other{adapted({.input_shape = {1}})};
  CHECK((other.predict(flat) == model.predict(rows)));
  CHECK((other.predict(rows) == model.predict(rows)));
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{"a", "b"}, {"c", "d"}});
        }) == "predict: x has shape (2, 2); expected (None,). Check the first layer's input_shape.");
  CHECK(
      message_of<ShapeError>([&] { Sequential{adapted({.input_shape = {2}})}; }) ==
      "layer 0 \"text_vectorization\" (TextVectorization): input is (None, 2); expected (None,) or (None, 1), one text "
      "for each sample. Set split = \"none\" for words that are split already.");
}

TEST_CASE("TextVectorization counts words in columns") {
  CHECK((output_of(adapted({.output_mode = "multi_hot"}), {"dull dull new"}) == Tensor{{1, 1, 0, 0, 0, 0}}));
  CHECK((output_of(adapted({.output_mode = "count"}), {"dull dull new"}) == Tensor{{1, 2, 0, 0, 0, 0}}));
  CHECK((output_of(adapted({.max_tokens = 8, .output_mode = "count", .pad_to_max_tokens = true}), {"dull"}) ==
         Tensor{{0, 1, 0, 0, 0, 0, 0, 0}}));
  // "dull" is in 2 of 4 texts: ln(1 + 4 / 3).
  CHECK(output_of(adapted({.output_mode = "tf_idf"}), {"dull"})(0, 1) == static_cast<float>(std::log(1.0 + 4.0 / 3.0)));
}

TEST_CASE("TextVectorization takes functions of one's own") {
  TextVectorization layer({.standardize = [](const std::string& text) { return text + text; },
                           .split =
                               [](const std::string& text) {
                                 Texts words;
                                 std::stringstream stream(text);
                                 for (std::string word; std::getline(stream, word, '|');) words.push_back(word);
                                 return words;
                               },
                           .ngrams = {2}});
  layer.adapt({"a|b|"});  // a|b|a|b|
  CHECK(layer.get_vocabulary(false) == Texts{"a b", "b a"});
  CHECK((output_of(layer, {"a|b|", "b"}) == Tensor{{2, 3, 2}, {0, 0, 0}}));
  CHECK(message_of<Error>([&] { layer.get_config(); }) ==
        "TextVectorization: standardize is a function; expected a name in a configuration or a file. Use a name, or "
        "apply the function to the texts before the model.");
}

TEST_CASE("TextVectorization trains in a model of texts") {
  Sequential model{adapted(), Embedding(7, 4, {.mask_zero = true}), GlobalAveragePooling1D(),
                   Dense(1, {.activation = "sigmoid"})};
  model.compile(optimizers::Adam({.learning_rate = 0.05}), "binary_crossentropy", "accuracy");
  const std::vector<int> good{1, 0, 0, 1};
  set_random_seed(1);
  const History history = model.fit(films, good, {.batch_size = 3, .epochs = 40, .verbose = 0});
  CHECK(history["loss"].back() < 0.2 * history["loss"].front());
  CHECK(model.evaluate(films, good, {.verbose = 0})["accuracy"] == 1.0);
  CHECK(model.predict({"a charming film", "dull, dull, dull"}).size() == 2);
  CHECK((model({"dull"}, true) == model.predict({"dull"})));
  const Sequential copy = model.clone();
  CHECK((copy.predict(films) == model.predict(films)));
  std::stringstream summary;
  model.summary(summary);
  CHECK(summary.str().find("text_vectorization (TextVectorization)") != std::string::npos);
}

TEST_CASE("TextVectorization needs a vocabulary") {
  const std::string expected =
      "TextVectorization \"text_vectorization\": has no vocabulary; expected one before the layer is used. Call adapt "
      "with data, or set_vocabulary, or give .vocabulary.";
  Sequential model{TextVectorization(), Embedding(7, 4), GlobalAveragePooling1D(), Dense(1)};
  model.compile("adam", "mse");
  CHECK(message_of<Error>([&] { model.fit(films, {1, 0, 0, 1}, {.verbose = 0}); }) == expected);
  CHECK(message_of<Error>([&] { model.predict(films); }) == expected);
  model.get_layer<TextVectorization>(0).adapt(films);
  model.fit(films, {1, 0, 0, 1}, {.verbose = 0});

  Sequential wide{TextVectorization({.output_mode = "count"}), Dense(1)};
  wide.compile("adam", "mse");
  CHECK(message_of<Error>([&] {
          wide.fit(films, {1, 0, 0, 1}, {.verbose = 0});
        }) ==
        "layer 0 \"text_vectorization\" (TextVectorization): has no vocabulary; expected one before the layer is used. "
        "Call adapt with data, or set_vocabulary, or give .vocabulary.");
  wide.get_layer<TextVectorization>(0).adapt(films);
  wide.fit(films, {1, 0, 0, 1}, {.verbose = 0});
  CHECK(wide.get_layer(1).get_weights()[0].shape(0) == 6);
}

TEST_CASE("TextVectorization keeps the columns that a model was built with") {
  Sequential model{adapted({.output_mode = "count"}), Dense(1)};
  auto& layer = model.get_layer<TextVectorization>(0);
  CHECK(
      message_of<Error>([&] { layer.adapt({"one word more than before is too many"}); }) ==
      "TextVectorization \"text_vectorization\": the new vocabulary gives 9 columns; expected 6, with which the model "
      "was built. Set max_tokens and pad_to_max_tokens = true, or put the layer into a new model.");
  CHECK(layer.get_vocabulary(false)[0] == "dull");
  layer.set_vocabulary({"a", "b", "c", "d", "e"});  // as many
  CHECK((model.predict({"e"}) == model.predict({"E!"})));
  Sequential padded{adapted({.max_tokens = 9, .output_mode = "count", .pad_to_max_tokens = true}), Dense(1)};
  padded.get_layer<TextVectorization>(0).adapt({"one word"});
  CHECK(padded.predict({"one"}).size() == 1);
}

TEST_CASE("TextVectorization stays usable in a model that it is moved from") {
  Sequential model{adapted()};
  const Tensor expected = model.predict({"dull"});
  const TextVectorization moved = std::move(model.get_layer<TextVectorization>(0));
  CHECK((model.predict({"dull"}) == expected));
  CHECK((output_of(moved, {"dull"}) == expected));
}

TEST_CASE("TextVectorization refuses targets for each step of an open length") {
  Sequential model{adapted(), Embedding(7, 1)};
  model.compile("adam", "mse");
  CHECK(
      message_of<ShapeError>([&] {
        model.fit(films, xt::zeros<float>({4, 3, 1}), {.verbose = 0});
      }) ==
      "fit: predictions have shape (None, None, 1), with a size that depends on the texts of a batch; expected a fixed "
      "size, for the targets. Set output_sequence_length of the first layer.");
}

TEST_CASE("TextVectorization learns the same from texts, batches and files, in any number of threads") {
  const TemporaryFolder folder;
  const Texts texts = many_texts(3000);
  std::ofstream file(folder / "texts.txt");
  for (const std::string& text : texts) file << text << '\n';
  file.close();
  for (const char* mode : {"int", "tf_idf"}) {
    const auto learnt = [&](const auto& data) {
      TextVectorization layer({.output_mode = mode});
      layer.adapt(data);
      return std::pair(layer.get_vocabulary(), layer.idf_of_columns());
    };
    const auto expected = learnt(texts);
    CHECK(expected.first.size() > 5000);
    for (const int threads : {1, 3, 8}) {
      const int before = num_threads();
      set_num_threads(threads);
      CHECK(learnt(texts) == expected);
      CHECK(learnt(DatasetArgument(data::TextLines(folder / "texts.txt", {.batch_size = 700, .has_labels = false}))) ==
            expected);
      set_num_threads(before);
    }
  }
  TextVectorization first;
  first.adapt(data::TextLines(folder / "texts.txt", {.batch_size = 1, .has_labels = false}), {.steps = 1});
  CHECK(first.vocabulary_size() <= 22);
}

TEST_CASE("TextVectorization gives the same ids in any number of threads, from many at once") {
  const Texts texts = many_texts(2000);
  TextVectorization layer({.output_sequence_length = 25});
  layer.adapt(texts);
  Sequential model{std::move(layer)};
  const Tensor expected = model.predict(texts);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { wrong += !(std::as_const(model).predict(texts, {.batch_size = 777}) == expected); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  const int before = num_threads();
  set_num_threads(1);
  CHECK((model.predict(texts) == expected));
  set_num_threads(before);
}

TEST_CASE("TextVectorization allocates no memory in a warm predict") {
  for (const TextVectorizationOptions& options : {TextVectorizationOptions{},
                                                  {.ngrams = 3},
                                                  {.split = "character"},
                                                  {.output_sequence_length = 5},
                                                  {.output_mode = "tf_idf"}}) {
    const Texts texts = many_texts(200);
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    TextVectorization layer(options);
    layer.adapt(texts);
    const std::int64_t size = layer.vocabulary_size();
    Sequential model{std::move(layer)};
    if (options.output_mode == "int") {
      model.add(Embedding(size, 4, {.mask_zero = true}));
      model.add(GlobalAveragePooling1D());
    }
    model.add(Dense(1));
    Tensor result;
    for (int i = 0; i < 3; ++i) model.predict(views, result);
    const testing::AllocationCounter allocations;
    model.predict(views, result);
    CHECK(allocations.count() == 0);
  }
}

TEST_CASE("TextVectorization survives wrong bytes, long lines and many words", "[slow]") {
  TextVectorization layer;
  Texts texts{std::string("\xFF\xC0 \0 \xE2\x82", 7), "", std::string(1'000'000, ' ')};
  for (int i = 0; i < 1'000'000; ++i) texts.push_back("word" + std::to_string(i));
  layer.adapt(texts);
  CHECK(layer.vocabulary_size() == 2 + 3 + 1'000'000);
  CHECK(layer.get_vocabulary()[4] == "word999999");
  Sequential model{layer};
  CHECK((model.predict({std::string("\xFF\xC0 x \xE2\x82", 8), std::string("\0", 1)}).shape(1) == 3));
  const std::string line(100'000'000, 'a');
  CHECK((model.predict({line, line + " word999999"}) == Tensor{{1, 0}, {1, 4}}));
  const Texts none;
  CHECK(model.predict(none).shape(0) == 0);
}

TEST_CASE("TextVectorization reads its vocabulary from a list, a file, or set_vocabulary") {
  const TemporaryFolder folder;
  std::ofstream(folder / "words.txt") << "dull\nfilm\n";
  std::ofstream(folder / "all.txt") << "\n[UNK]\ndull\nfilm\n";
  const Texts expected{"", "[UNK]", "dull", "film"};
  CHECK(TextVectorization({.vocabulary = {"dull", "film"}}).get_vocabulary() == expected);
  CHECK(TextVectorization({.vocabulary = {"", "[UNK]", "dull", "film"}}).get_vocabulary() == expected);
  CHECK(TextVectorization({.vocabulary = folder / "words.txt"}).get_vocabulary() == expected);
  CHECK(TextVectorization({.vocabulary = folder / "all.txt"}).get_vocabulary() == expected);
  TextVectorization layer;
  layer.set_vocabulary({"dull", "film"});
  CHECK(layer.get_vocabulary() == expected);
  CHECK(message_of<FileError>([] { TextVectorization({.vocabulary = "/nowhere.txt"}); }) ==
        "TextVectorization: /nowhere.txt: cannot be read; expected a text file with one word on each line.");
}

TEST_CASE("TextVectorization checks its arguments") {
  const auto message = [](TextVectorizationOptions options) {
    return message_of<InvalidArgument>([&] { TextVectorization layer(options); });
  };
  CHECK(message({.max_tokens = 1}) ==
        "TextVectorization: max_tokens is 1; expected 2 to 2147483647. Leave it out to keep all words.");
  CHECK(message({.standardize = "lowr"}) ==
        "TextVectorization: standardize \"lowr\" is unknown; did you mean \"lower\"? Known: lower, "
        "lower_and_strip_punctuation, none, strip_punctuation.");
  CHECK(message({.split = "words"}) ==
        "TextVectorization: split \"words\" is unknown; expected one of the known names. Known: character, none, "
        "whitespace.");
  CHECK(message({.ngrams = 0}) ==
        "TextVectorization: ngrams is 0; expected 1 to 1000. 2 gives single words and pairs.");
  CHECK(message({.ngrams = {2, -1}}) ==
        "TextVectorization: ngrams has -1; expected positive integers. 1 stands for single words.");
  CHECK(message({.ngrams = std::vector<std::int64_t>{}}) ==
        "TextVectorization: ngrams is empty; expected sizes. Leave it out for single words.");
  CHECK(
      message({.output_mode = "ids"}) ==
      "TextVectorization: output_mode \"ids\" is unknown; did you mean \"int\"? Known: count, int, multi_hot, tf_idf.");
  CHECK(
      message({.output_sequence_length = 0}) ==
      "TextVectorization: output_sequence_length is 0; expected a positive integer. Leave it out for the length of the "
      "longest text.");
  CHECK(message({.output_mode = "count", .output_sequence_length = 3}) ==
        "TextVectorization: output_sequence_length is 3 with output_mode = \"count\"; expected it with \"int\" only. "
        "Leave it out.");
  CHECK(message({.output_mode = "count", .pad_to_max_tokens = true}) ==
        "TextVectorization: pad_to_max_tokens is true without max_tokens; expected the number of columns. Set "
        "max_tokens.");
  CHECK(message({.sparse = true}) ==
        "TextVectorization: sparse is true; expected false, since arrays are dense. Leave it out.");
  CHECK(message({.ragged = true}) ==
        "TextVectorization: ragged is true; expected false, since arrays are dense. Leave it out.");
  CHECK(message({.encoding = "latin-1"}) ==
        "TextVectorization: encoding is \"latin-1\"; expected \"utf-8\". Convert the texts.");
  CHECK(message({.vocabulary = {"a", "b", "a"}}) ==
        "TextVectorization: the vocabulary has \"a\" twice; expected each word once. Leave one out.");
  CHECK(message({.vocabulary = {"a", ""}}) ==
        "TextVectorization: the vocabulary has the mask token \"\" at position 1; expected it nowhere, or with the "
        "tokens "
        "of unknown words at the start. Leave it out.");
  CHECK(
      message({.max_tokens = 3, .vocabulary = {"a", "b"}}) ==
      "TextVectorization: a vocabulary of 4 words, with the mask token and those of unknown words; expected at most 3 "
      "(max_tokens). Leave words out.");
  CHECK(message({.vocabulary = Texts{}}) ==
        "TextVectorization: the vocabulary is empty; expected at least one word. Call adapt to learn one from data.");
  CHECK(message({.output_mode = "tf_idf", .vocabulary = {"a"}}) ==
        "TextVectorization: a vocabulary without idf_weights; expected both with output_mode = \"tf_idf\". Give one "
        "weight for each word.");
  CHECK(message({.output_mode = "count", .vocabulary = {"a"}, .idf_weights = {0.5}}) ==
        "TextVectorization: idf_weights are given with output_mode = \"count\"; expected them with \"tf_idf\" only. "
        "Leave "
        "them out.");
  CHECK(message({.output_mode = "tf_idf", .vocabulary = {"a"}, .idf_weights = {0.5, 1}}) ==
        "TextVectorization: 2 idf_weights for a vocabulary of 1 words; expected one for each word.");
  CHECK(message({.output_mode = "tf_idf", .idf_weights = {0.5}}) ==
        "TextVectorization: idf_weights without a vocabulary; expected both. Give .vocabulary, or call adapt, which "
        "computes them.");
  CHECK(message_of<InvalidArgument>([] { TextVectorization({.vocabulary = {"a"}}).adapt({"b"}); }) ==
        "TextVectorization: adapt of a layer that got .vocabulary; expected a layer without it. Leave .vocabulary out, "
        "or call set_vocabulary.");
  CHECK(message_of<InvalidInput>([] {
          TextVectorization().adapt({1, 2});
        }) == "TextVectorization: adapt got numbers; expected texts. Pass a vector of strings.");
  CHECK(message_of<InvalidInput>([] {
          TextVectorization().adapt({"", " "});
        }) == "TextVectorization: adapt got data without words; expected at least one. Check how the data was made.");
}
