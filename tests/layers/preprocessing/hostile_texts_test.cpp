// Layers of texts read bytes, as TensorFlow does: what is not UTF-8 is kept, and only characters are replaced.
#include "support/hostile_texts.hpp"

#include "catch.hpp"
#include "support/temporary_folder.hpp"
#include "text/farm_hash.hpp"
#include "text/utf8.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using Texts = std::vector<std::string>;

namespace {

Texts all_texts() {
  Texts texts = testing::strange_texts();
  for (const testing::HostileText& text : testing::hostile_texts()) texts.push_back(text.bytes);
  return texts;
}

// The parts between the white space of ASCII.
Texts words_in(const std::string& text) {
  Texts words;
  std::string word;
  for (const char c : text + ' ') {
    if (std::string_view(" \t\n\v\f\r").find(c) == std::string_view::npos) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

// All words, each once.
Texts distinct_words() {
  Texts words;
  for (const std::string& text : all_texts()) {
    for (const std::string& word : words_in(text)) {
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
  }
  return words;
}

}  // namespace

TEST_CASE("TextVectorization keeps the bytes of words, whatever they are") {
  TextVectorization layer({.standardize = "none"});
  layer.adapt(all_texts());
  const Texts vocabulary = layer.get_vocabulary();
  CHECK(vocabulary.size() == 2 + distinct_words().size());
  for (const std::string& text : all_texts()) {
    CAPTURE(text);
    const text::Array<int> ids = layer(Texts{text});
    const Texts words = words_in(text);
    CHECK(ids.size() == std::max<std::size_t>(1, words.size()));
    for (std::size_t i = 0; i < words.size(); ++i) CHECK(vocabulary[static_cast<std::size_t>(ids(0, i))] == words[i]);
  }
}

TEST_CASE("TextVectorization and NgramVectorization strip and lower nothing but ASCII in broken texts") {
  const TextVectorization layer({.vocabulary = {"ab\xC3", "\xE6\x97", "\xC9t\xC9"}});
  CHECK((layer(Texts{"A.B\xC3! \xE6\x97, \xC9T\xC9"}) == text::Array<int>{{2, 3, 4}}));
  const NgramVectorization ngrams({.vocabulary = Texts{"A\xC3", std::string("\0", 1)}});
  CHECK((ngrams(Texts{std::string("A\xC3 \0 a\xC3", 7)}) == text::Array<int>{{1, 2}}));
}

TEST_CASE("TextVectorization reads invalid bytes as U+FFFD where it splits characters") {
  TextVectorization layer({.standardize = "none", .split = "character"});
  layer.adapt(Texts{"a b \uFFFD\u65E5"});
  for (const testing::HostileText& text : testing::hostile_texts()) {
    INFO(text.kind);
    CHECK((layer(Texts{text.bytes}) == layer(Texts{text.replaced})));
  }
}

TEST_CASE("NgramVectorization takes n-grams of characters of broken words") {
  NgramVectorization layer({.word_ngrams = 2, .min_n = 1, .max_n = 4, .buckets = 100});
  layer.adapt(all_texts());
  CHECK(layer.get_vocabulary().size() == distinct_words().size());
  const text::Array<int> ids = layer(all_texts());
  CHECK(*std::max_element(ids.begin(), ids.end()) < layer.num_ids());
  CHECK(*std::min_element(ids.begin(), ids.end()) == 0);
}

TEST_CASE("StringLookup and Hashing take any bytes as they are") {
  const Texts texts = all_texts();
  StringLookup lookup;
  lookup.adapt(texts);
  Sequential model{lookup}, hashing{Hashing(1009)};
  const Tensor ids = model.predict(texts), bins = hashing.predict(texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(texts[i]);
    const int id = static_cast<int>(ids(i));
    CHECK(lookup.words_of(std::vector<int>{id})[0] == texts[i]);
    CHECK(bins(i) == static_cast<float>(text::farm_fingerprint(texts[i]) % 1009));
  }
}

TEST_CASE("A file keeps the broken words of layers", "[files]") {
  const testing::TemporaryFolder folder;
  TextVectorization vectorize({.standardize = "none"});
  vectorize.adapt(all_texts());
  NgramVectorization ngrams;
  ngrams.adapt(all_texts());
  StringLookup lookup;
  lookup.adapt(distinct_words());
  const auto check = [&](Sequential model, const Texts& texts) {
    const std::string path = folder / "m.keras";
    const PredictOptions whole{.batch_size = std::ssize(texts)};
    const Tensor before = model.predict(texts, whole);
    model.save(path);
    CHECK((load_model(path).predict(texts, whole) == before));
  };
  check(Sequential{std::move(vectorize)}, all_texts());
  check(Sequential{std::move(ngrams)}, all_texts());
  check(Sequential{std::move(lookup)}, distinct_words());
}

TEST_CASE("StringLookup and NgramVectorization take words of 100 MB and a million different ones", "[slow]") {
  const std::string line(100'000'000, 'a');
  Texts words{line};
  for (int i = 0; i < 1'000'000; ++i) words.push_back("w" + std::to_string(i));
  StringLookup lookup;
  lookup.adapt(words);
  CHECK(lookup.vocabulary_size() == 1 + 1'000'001);
  CHECK(lookup.get_vocabulary()[1] == "w999999");
  CHECK((Sequential{lookup}.predict(Texts{"w0", line, "none"}) == Tensor{1'000'000, 1'000'001, 0}));
  NgramVectorization ngrams({.word_ngrams = 2, .buckets = 10});
  ngrams.adapt(words);
  CHECK(ngrams.num_ids() == 1 + 1'000'001 + 10);
  CHECK(ngrams(Texts{line})(0, 0) == 1);  // the first in the order of bytes
}
