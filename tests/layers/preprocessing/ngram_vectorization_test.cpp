#include "xeras/layers/preprocessing/ngram_vectorization.hpp"

#include <algorithm>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/threads.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

using Texts = std::vector<std::string>;

const Texts films = {"a good film", "a dull film", "good good cast"};

NgramVectorization adapted(NgramVectorizationOptions options = {}) {
  NgramVectorization layer(std::move(options));
  layer.adapt(films);
  return layer;
}

Tensor ids_of(NgramVectorization layer, const Input& texts) {
  Sequential model{std::move(layer)};
  return model.predict(texts);
}

}  // namespace

TEST_CASE("NgramVectorization numbers words by frequency, equally frequent ones in the order of their bytes") {
  const NgramVectorization layer = adapted();
  CHECK(layer.get_vocabulary() == Texts{"good", "a", "film", "cast", "dull"});
  CHECK(layer.num_ids() == 6);
  CHECK((ids_of(layer, {"a film", "Good good\tnew cast\r", ""}) == Tensor({{2, 3, 0, 0}, {1, 4, 0, 0}, {0, 0, 0, 0}})));
  CHECK((layer({"a film", "good"}) == xt::xarray<int>{{2, 3}, {1, 0}}));
  CHECK(adapted({.min_count = 2}).get_vocabulary() == Texts{"good", "a", "film"});
}

// FNV-1a of 32 bits: "a" e40c292c, "b" e70c2de5, "foobar" bf9cf968, by its authors' test vectors.
TEST_CASE("NgramVectorization hashes pairs of words as fastText does") {
  // (int32(0xe40c292c) * 116049371 + int32(0xe70c2de5)) mod 2^64 = 18392320971200152201, mod 1000 = 201
  const NgramVectorization layer({.word_ngrams = 2, .buckets = 1000, .vocabulary = {"a"}});
  CHECK(layer.num_ids() == 1002);
  CHECK((ids_of(layer, {"a b", "b", "a"}) == Tensor({{1, 203, 0}, {0, 0, 0}, {1, 0, 0}})));
}

TEST_CASE("NgramVectorization hashes n-grams of characters of marked words") {
  // "<a", "a>", "<a>" and "a" have the hashes that fastText's Dictionary::computeSubwords gives.
  const auto of = [](std::int64_t min_n, std::int64_t max_n, const std::string& word) {
    const NgramVectorization layer(
        {.min_n = min_n, .max_n = max_n, .buckets = std::int64_t{1} << 30, .vocabulary = {"x"}});
    const auto row = layer({word});
    return std::vector<int>(row.begin(), std::find(row.begin(), row.end(), 0));
  };
  // "a" alone: 0xe40c292c mod 2^30 = 0x240c292c
  CHECK(of(1, 1, "a") == std::vector<int>{2 + 0x240c292c});
  CHECK(of(3, 3, "a").size() == 1);
  CHECK(of(1, 3, "a").size() == 4);
  CHECK(of(2, 2, "\xC3\xA4").size() == 2);
  CHECK(of(3, 6, std::string(300, 'y')).size() == 300 + 299 + 298 + 297);
}

TEST_CASE("NgramVectorization gives a model the same bits for any number of threads, and files keep its words",
          "[files]") {
  const TemporaryFolder folder;
  const auto make = [&] {
    NgramVectorization vectorize = adapted({.word_ngrams = 2, .min_n = 2, .max_n = 3, .buckets = 50});
    const std::int64_t ids = vectorize.num_ids();
    Sequential model{std::move(vectorize), Embedding(ids, 4, {.mask_zero = true}), GlobalAveragePooling1D(), Dense(1)};
    return model;
  };
  const auto trained = [&](int threads) {
    const xeras::testing::Threads so_many(threads);
    set_random_seed(3);
    Sequential model = make();
    model.compile("adam", "mse");
    model.fit(films, std::vector<int>{1, 0, 1}, {.batch_size = 2, .epochs = 5, .verbose = 0});
    return model;
  };
  Sequential model = trained(1);
  CHECK(model.get_weights() == trained(3).get_weights());
  const Texts texts{"a good cast", "dull", "", "unheard of"};
  const Tensor p = model.predict(texts);
  CHECK((p == trained(3).predict(texts)));
  model.save(folder / "m.keras");
  CHECK((load_model(folder / "m.keras").predict(texts) == p));
  CHECK((model.clone().predict(texts) == p));
}

TEST_CASE("NgramVectorization learns the same words from a dataset") {
  auto batches = data::from_generator([n = std::size_t{0}]() mutable -> std::optional<data::Batch> {
    if (n == films.size()) return std::nullopt;
    return data::Batch{Texts{films[n++]}};
  });
  NgramVectorization layer;
  layer.adapt(batches);
  CHECK(layer.get_vocabulary() == adapted().get_vocabulary());
}

TEST_CASE("NgramVectorization makes no memory in a warm predict") {
  const xeras::testing::Threads one(1);
  NgramVectorization vectorize = adapted({.word_ngrams = 3, .min_n = 3, .max_n = 6, .buckets = 50});
  const std::int64_t ids = vectorize.num_ids();
  Sequential model{std::move(vectorize), Embedding(ids, 4, {.mask_zero = true}), GlobalAveragePooling1D(), Dense(1)};
  const Input texts(films);
  Tensor result;
  for (int i = 0; i < 3; ++i) model.predict(texts, result);
  const xeras::testing::AllocationCounter counter;
  model.predict(texts, result);
  CHECK(counter.count() == 0);
}

TEST_CASE("NgramVectorization refuses options that mean nothing, and data without words") {
  const auto message = [](NgramVectorizationOptions options) {
    return message_of<InvalidArgument>([&] { NgramVectorization{options}; });
  };
  CHECK(message({.word_ngrams = 0}) ==
        "NgramVectorization: word_ngrams is 0; expected 1 to 16. 1 is single words, 2 adds pairs.");
  CHECK(message({.min_n = 3, .max_n = 2}) ==
        "NgramVectorization: min_n is 3 and max_n is 2; expected 0 <= min_n <= max_n. Leave both out for no n-grams of "
        "characters.");
  CHECK(message({.buckets = 0}) ==
        "NgramVectorization: buckets is 0; expected 1 to 2^30. Most models use 2,000,000 or fewer.");
  CHECK(message({.min_count = 0}) == "NgramVectorization: min_count is 0; expected 1 or more. 1 keeps every word.");
  CHECK(message_of<InvalidInput>([] { adapted({.min_count = 9}); }) ==
        "NgramVectorization: adapt got 5 words, of which none occurs 9 times (min_count); expected at least one. Check "
        "how the data was made.");
  CHECK(message_of<Error>([] { NgramVectorization().num_ids(); }) ==
        "NgramVectorization: has no vocabulary; expected one before the layer is used. Call adapt with data, or "
        "set_vocabulary, or give .vocabulary.");
}
