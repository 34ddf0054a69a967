// The code of docs/text.md. It runs as a test, which compares what the page states about a result or a message with the
// actual one.
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

void from_texts_to_a_model() {
  // [whole]
  const std::vector<std::string> texts{"A charming film, and a funny one!", "Dull. Dull, dull, dull.",
                                       "The cast is charming", "A dull cast; the film isn't funny."};
  const xt::xarray<int> is_good{1, 0, 1, 0};

  text::Tokenizer tokenizer({.num_words = 10, .oov_token = "<unk>"});
  tokenizer.fit_on_texts(texts);
  const auto x = text::pad_sequences(tokenizer.texts_to_sequences(texts), {.maxlen = 6, .padding = "post"});

  Sequential model{Embedding(10, 4, {.mask_zero = true}), GlobalAveragePooling1D(),
                   Dense(1, {.activation = "sigmoid"})};
  model.compile("adam", "binary_crossentropy");
  model.fit(x, is_good, {.epochs = 2, .verbose = 0});
  // [whole]
  expect(shape_of(model.predict(x)) == Shape({4, 1}), "a prediction for each text");

  // [dictionaries]
  for (const auto& [word, id] : tokenizer.word_index()) std::cout << id << ' ' << word << '\n';
  const int id = tokenizer.word_index()["dull"];               // 2
  const std::int64_t count = tokenizer.word_counts()["dull"];  // 5
  const std::string word = tokenizer.index_word().at(3);       // "a"
  const bool is_known = tokenizer.word_index().contains("boring");
  // [dictionaries]
  expect(id == 2 && count == 5 && word == "a" && !is_known, "the ids of words");

  // [back]
  const auto ids = tokenizer.texts_to_sequences({"A boring film"});  // {{3, 1, 5}}
  const auto back = tokenizer.sequences_to_texts(ids);               // {"a <unk> film"}
  // [back]
  expect(ids == std::vector<std::vector<int>>{{3, 1, 5}}, "ids");
  expect(back == std::vector<std::string>{"a <unk> film"}, "back");

  // [matrix]
  const Tensor counts = tokenizer.texts_to_matrix(texts, "count");  // (4, 10)
  // [matrix]
  expect(shape_of(counts) == Shape({4, 10}) && counts(1, 2) == 4.0f, "the matrix");
}

void one_model() {
  // [one model]
  const std::vector<std::string> texts{"A charming film, and a funny one!", "Dull. Dull, dull, dull.",
                                       "The cast is charming", "A dull cast; the film isn't funny."};
  const std::vector<int> is_good{1, 0, 1, 0};

  TextVectorization vectorize({.max_tokens = 1000, .output_sequence_length = 20});
  vectorize.adapt(texts);
  Sequential model{std::move(vectorize), Embedding(1000, 16, {.mask_zero = true}), GlobalAveragePooling1D(),
                   Dense(1, {.activation = "sigmoid"})};
  model.compile("adam", "binary_crossentropy");
  model.fit(texts, is_good, {.epochs = 2, .verbose = 0});
  const Tensor p = model.predict({"a charming film", "dull, dull, dull"});
  // [one model]
  expect(p.size() == 2, "a prediction for each text");
  // [words of a model]
  const auto& layer = model.get_layer<TextVectorization>(0);
  const std::vector<std::string> words = layer.get_vocabulary();  // "", "[UNK]", "dull", "a", ...
  // [words of a model]
  expect(words[1] == "[UNK]" && words[2] == "dull" && words[3] == "a", "the words");
  expect_message<Error>(R"(
TextVectorization "text_vectorization": has no vocabulary; expected one before the layer is used. Call adapt with data, or set_vocabulary, or give .vocabulary.
)",
                        [&] { Sequential{TextVectorization()}.predict(texts); });

  // [columns]
  StringLookup lookup({.vocabulary = {"red", "green", "blue"}, .output_mode = "multi_hot"});
  Sequential colors{std::move(lookup), Dense(1)};
  colors.predict({{"red", "blue"}, {"green", "violet"}});  // columns {{0, 1, 0, 1}, {1, 0, 1, 0}}
  // [columns]
  expect(colors.get_layer(1).get_weights()[0].shape(0) == 4, "columns");

  // [ngrams]
  NgramVectorization ngrams({.word_ngrams = 2, .buckets = 5000});
  ngrams.adapt(texts);
  const std::int64_t count = ngrams.num_ids();  // 20 words, 5,000 buckets and the padding
  Sequential bag{std::move(ngrams), Embedding(count, 16, {.mask_zero = true}), GlobalAveragePooling1D(),
                 Dense(1, {.activation = "sigmoid"})};
  // [ngrams]
  expect(count == 5021, "the ids of words and n-grams");
  expect(bag.predict(texts).size() == 4, "predictions");
}

void large_vocabulary() {
  const xt::xtensor<int, 2> x = xt::ones<int>({64, 3});
  const xt::xtensor<int, 1> next_word = xt::arange<int>(64);
  // [sampled]
  Sequential model{Embedding(100000, 64), GRU(64), SampledSoftmax(100000)};
  model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
  model.fit(x, next_word, {.epochs = 1, .verbose = 0});
  const Tensor p = model.predict(x);  // (64, 100000)
  // [sampled]
  expect(shape_of(p) == Shape({64, 100000}), "probabilities of all words");
}

void other_units() {
  // [tokens]
  text::Tokenizer tags;
  tags.fit_on_tokens({{"New York", "is", "big"}, {"is", "it"}});
  const auto ids = tags.tokens_to_sequences({{"is", "new york"}});  // {{1, 2}}
  // [tokens]
  expect(ids == std::vector<std::vector<int>>{{1, 2}}, "tokens");

  // [characters]
  text::Tokenizer letters({.char_level = true});
  letters.fit_on_texts({"Ångström", "日本語"});
  const std::size_t count = letters.word_index().size();  // 11
  // [characters]
  expect(count == 11, "characters");

  // [analyzer]
  text::Tokenizer pairs({.analyzer = [](const std::string& text) {
    std::vector<std::string> words = text::text_to_word_sequence(text), result;
    for (std::size_t i = 1; i < words.size(); ++i) result.push_back(words[i - 1] + ' ' + words[i]);
    return result;
  }});
  pairs.fit_on_texts({"to be or not to be"});
  const std::int64_t twice = pairs.word_counts()["to be"];  // 2
  // [analyzer]
  expect(twice == 2, "pairs");
}

void hashing() {
  // [hashing]
  const auto md5_ids = text::hashing_trick("The quick fox", 1000, {.hash_function = "md5"});  // {132, 454, 641}
  const auto own_ids = text::one_hot("The quick fox", 1000);                                  // {355, 572, 492}
  // [hashing]
  expect(md5_ids == std::vector<int>{132, 454, 641} && own_ids == std::vector<int>{355, 572, 492}, "hashes");
}

void padding() {
  // [pad]
  const auto front = text::pad_sequences({{1}, {2, 3}});                                      // {{0, 1}, {2, 3}}
  const auto back = text::pad_sequences({{1}, {2, 3, 4}}, {.maxlen = 2, .padding = "post"});  // {{1, 0}, {3, 4}}
  const auto floats = text::pad_sequences({{0.5f}, {1.0f, 2.5f}}, {.value = -1});             // {{-1, 0.5}, {1, 2.5}}
  // [pad]
  expect(front(0, 1) == 1 && back(1, 0) == 3 && floats(0, 0) == -1.0f, "padding");
}

void pairs_of_words() {
  const std::vector<int> ids{1, 2, 3, 4, 5, 2, 1};
  // [skipgrams]
  const auto [couples, labels] = text::skipgrams(ids, 6, {.window_size = 2, .seed = 1});
  const xt::xtensor<int, 1> centres = xt::view(couples, xt::all(), 0);
  // [skipgrams]
  expect(couples.shape(1) == 2 && labels.shape(0) == couples.shape(0) && centres.size() == labels.size(), "pairs");
  // [table]
  const auto table = text::make_sampling_table(6);
  const auto fewer = text::skipgrams(ids, 6, {.sampling_table = table});
  // [table]
  expect(fewer.labels.size() <= labels.size() * 3, "fewer pairs");
}

void subwords() {
  // [pieces]
  const text::WordPieceTokenizer pieces(
      {"[UNK]", "[SEP]", "un", "##aff", "##able"},
      {.sequence_length = 5, .special_tokens = {"[SEP]"}, .special_tokens_in_strings = true});
  const auto ids = pieces.tokenize("unaffable[SEP]");  // {2, 3, 4, 1, 0}
  const int id = pieces.token_to_id("##able");         // 4
  // [pieces]
  expect(ids == std::vector<int>{2, 3, 4, 1, 0} && id == 4, "pieces");
}

void bytes() {
  // [replace]
  text::Tokenizer tolerant({.errors = "replace"});
  tolerant.fit_on_texts({"caf\xE9"});  // learns "caf\uFFFD"
  // [replace]
  expect(tolerant.word_index().contains("caf\uFFFD"), "replaced bytes");
  expect_message<InvalidInput>(R"(
Tokenizer: text 1 is not UTF-8 at byte 3 (0xE9); expected valid UTF-8. Convert it, or set errors = "replace".
)",
                               [] {
                                 text::Tokenizer().fit_on_texts({"tea", "caf\xE9"});
                               });
}

void pretrained_vectors() {
  const std::string path = (std::filesystem::temp_directory_path() / "xeras-docs-vectors.txt").string();
  std::ofstream(path) << "tea 3 4\nmilk 0 2\nsea 4 3\nlime -3 -4\n";
  text::Tokenizer tokenizer;
  tokenizer.fit_on_texts({"tea, tea, milk, gin"});

  // [vectors]
  const text::Vectors vectors(path);  // "glove.6B.50d.txt"
  const Tensor table = vectors.matrix(tokenizer.word_index(), {.missing = "random_uniform", .seed = 1});
  Sequential model{
      Embedding(table.shape(0), table.shape(1),
                {.embeddings_initializer = initializers::Constant(table), .mask_zero = true, .trainable = false}),
      GlobalAveragePooling1D(), Dense(1, {.activation = "sigmoid"})};
  // [vectors]
  expect(table(1, 0) == 3.0f && table(0, 0) == 0.0f, "the table");
  expect(shape_of(model.predict({{1, 2, 3}})) == Shape({1, 1}), "a prediction");

  // [coverage]
  std::cout << vectors.coverage(tokenizer.word_counts());
  // 2 of 3 words (66.7%) have a vector, which are 75.0% of the texts. Missing: "gin".
  // [coverage]
  expect(vectors.coverage(tokenizer.word_counts()).to_string() ==
             "2 of 3 words (66.7%) have a vector, which are 75.0% of the texts. Missing: \"gin\".",
         "the coverage");

  // [similar]
  const auto near = vectors.most_similar("tea", 2);  // {{"sea", 0.96}, {"milk", 0.8}}
  const auto also = vectors.most_similar({.positive = {"tea", "sea"}, .negative = "milk", .topn = 1});
  // [similar]
  expect(near[0].first == "sea" && near[1].first == "milk" && also[0].first == "lime", "the nearest words");

  // [wanted]
  std::vector<std::string> wanted;
  for (const auto& [word, id] : tokenizer.word_index()) wanted.push_back(word);
  const text::Vectors few(path, {.words = wanted});
  // [wanted]
  expect(few.words() == std::vector<std::string>{"tea", "milk"}, "the wanted words");
  std::filesystem::remove(path);
}

}  // namespace

int main() {
  from_texts_to_a_model();
  one_model();
  large_vocabulary();
  other_units();
  hashing();
  padding();
  pairs_of_words();
  pretrained_vectors();
  subwords();
  bytes();
  if (failures == 0) std::cout << "All that docs/text.md says holds.\n";
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
