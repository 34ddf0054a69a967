#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

// A layer as a user writes it from docs/adding_a_layer.md alone: words to buckets, in front of an Embedding.
using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

struct HashedWordsOptions {
  bool mask_empty = false;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(HashedWordsOptions, mask_empty, name, trainable)

struct HashedWordsConfig {
  std::int64_t buckets = 2;
  HashedWordsOptions options = {};
};
XERAS_FIELDS(HashedWordsConfig, buckets, options)

// [hashed words]
// Strings (batch, words) to ids (batch, words): FNV-1a of the bytes, modulo the number of buckets. With mask_empty,
// bucket 0 is that of the empty word alone. A word with a space raises InvalidInput.
class HashedWords final : public LayerWith<HashedWordsConfig> {
 public:
  HashedWords(std::int64_t buckets, HashedWordsOptions options = {})
      : HashedWords(HashedWordsConfig{buckets, std::move(options)}) {}
  explicit HashedWords(HashedWordsConfig config) : LayerWith(std::move(config)) {
    if (this->config().buckets >= 2) return;
    throw InvalidArgument(who() + ": buckets is " + std::to_string(this->config().buckets) + "; expected 2 or more.");
  }

  std::optional<Spec> first_input() const override { return Spec{{None, None}, DType::string}; }

  Spec build(const Spec& input, Builder& builder) override {
    builder.expect(input, {.rank = 2, .dtype = DType::string});
    return {input.shape, DType::int32};
  }

  void forward(const Call& call) const override {
    const StringsView words = call.strings();
    const IdsView ids = call.output_ids();
    for (std::int64_t i = 0; i < words.size(); ++i) {
      const std::string_view word = words.data[i];
      if (word.find(' ') != std::string_view::npos) {
        const std::int64_t columns = words.extents[1];
        throw InvalidInput(who() + ": \"" + std::string(word) + "\" at row " +
                           std::to_string(call.sample_number(i / columns)) + ", word " + std::to_string(i % columns) +
                           " has a space; expected single words.");
      }
      ids.data[i] = bucket_of(word);
    }
  }

  std::int32_t bucket_of(std::string_view word) const {
    if (word.empty() && options().mask_empty) return 0;
    std::uint64_t hash = 14695981039346656037u;
    for (const char letter : word) hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211u;
    const std::uint64_t first = options().mask_empty ? 1 : 0;
    return static_cast<std::int32_t>(first + hash % (static_cast<std::uint64_t>(config().buckets) - first));
  }
};
// [hashed words]

using Words = std::vector<std::vector<std::string>>;

const Words films = {{"a", "good", "film"}, {"bad", "film", ""}, {"dull", "", ""}, {"very", "good", ""}};
const std::vector<int> is_good = {1, 0, 0, 1};

Sequential reader() {
  return Sequential{HashedWords(50, {.mask_empty = true}), Embedding(50, 4, {.mask_zero = true}),
                    GlobalAveragePooling1D(), Dense(1, {.activation = "sigmoid"})};
}

// The buckets of the words, as a user would make them without the layer.
std::vector<std::vector<int>> buckets_of(const Words& words) {
  const HashedWords layer(50, {.mask_empty = true});
  std::vector<std::vector<int>> ids;
  for (const auto& row : words) {
    for (ids.emplace_back(); const std::string& word : row) ids.back().push_back(layer.bucket_of(word));
  }
  return ids;
}

// The films 26 times: 104 samples.
Words many_films() {
  Words words;
  for (std::size_t i = 0; i < 104; ++i) words.push_back(films[i % films.size()]);
  return words;
}
std::vector<int> many_labels() {
  std::vector<int> y;
  for (std::size_t i = 0; i < 104; ++i) y.push_back(is_good[i % is_good.size()]);
  return y;
}

}  // namespace

TEST_CASE("HashedWords of one's own gives the buckets of words") {
  // FNV-1a of 64 bits: of "" 14695981039346656037, of "a" 12638187200555641996, of "foobar" 9625390261332436968; from
  // the test vectors of its authors.
  Sequential model{HashedWords(1000)};
  CHECK((model.predict({{"", "a"}, {"foobar", "a"}}) == Tensor({{37, 996}, {968, 996}})));
  Sequential masked{HashedWords(1001, {.mask_empty = true})};
  CHECK((masked.predict({{"", "a"}, {"foobar", "a"}}) == Tensor({{0, 997}, {969, 997}})));
  CHECK(model.output_shape() == Shape({None, None}));
  CHECK(model.count_params() == 0);
}

TEST_CASE("HashedWords of one's own trains, evaluates and predicts as its ids do") {
  Sequential model = reader();
  Sequential twin{Embedding(50, 4, {.mask_zero = true}), GlobalAveragePooling1D(), Dense(1, {.activation = "sigmoid"})};
  twin.set_weights(model.get_weights());
  for (Sequential* each : {&model, &twin}) {
    each->compile(optimizers::Adam({.learning_rate = 0.05}), "binary_crossentropy", "accuracy");
  }
  const std::vector<std::vector<int>> ids = buckets_of(films);
  const auto history = [&](Sequential& each, const Input& x) {
    set_random_seed(3);
    return each.fit(x, is_good, {.batch_size = 3, .epochs = 30, .verbose = 0});
  };
  const std::vector<double> losses = history(model, films)["loss"];
  CHECK(losses == history(twin, ids)["loss"]);
  CHECK(losses.back() < 0.1 * losses.front());
  CHECK(model.get_weights() == twin.get_weights());
  CHECK(model.evaluate(films, is_good, {.verbose = 0})["accuracy"] == 1.0);
  CHECK((model.predict(films) == twin.predict(ids)));
  // Words that it has seen, in sequences of another length; "" is padding.
  CHECK((model.predict({{"good", "film", "", ""}}) == model.predict({{"good", "film"}})));
}

TEST_CASE("HashedWords of one's own takes brace lists") {
  Sequential model = reader();
  model.compile("adam", "binary_crossentropy", "accuracy");
  model.fit({{"a", "good", "film"}, {"bad", "film", ""}}, {1, 0}, {.verbose = 0});
  const Words two = {{"a", "good", "film"}, {"bad", "film", ""}};
  CHECK((model.predict({{"a", "good", "film"}, {"bad", "film", ""}}) == model.predict(two)));
  CHECK(model.evaluate({{"a", "good", "film"}, {"bad", "film", ""}}, {1, 0}, {.verbose = 0})["loss"] ==
        model.evaluate(two, {1, 0}, {.verbose = 0})["loss"]);
  model.train_on_batch({{"a", "good"}}, {1});
}

TEST_CASE("HashedWords of one's own names the row of the user's data") {
  Sequential model = reader();
  model.compile("adam", "binary_crossentropy");
  Words words = many_films();
  words[77][1] = "two words";
  const std::string expected =
      "HashedWords \"hashed_words\": \"two words\" at row 77, word 1 has a space; expected single words.";
  CHECK(message_of<InvalidInput>([&] { model.predict(words); }) == expected);
  CHECK(message_of<InvalidInput>([&] { model.evaluate(words, many_labels(), {.verbose = 0}); }) == expected);
  // Shuffled, in small batches.
  CHECK(message_of<InvalidInput>([&] { model.fit(words, many_labels(), {.batch_size = 8, .verbose = 0}); }) ==
        expected);
}

TEST_CASE("HashedWords of one's own refuses other data") {
  CHECK(message_of<InvalidArgument>([] { HashedWords(1); }) == "HashedWords: buckets is 1; expected 2 or more.");
  Sequential model = reader();
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{1, 2}, {3, 4}});
        }) ==
        "predict: x holds numbers, but the first layer takes strings; expected strings. Give the texts themselves.");
  CHECK(message_of<InvalidInput>([&] {
          model.predict({"good", "film"});
        }) == "predict: x has shape (2,); expected (None, None). Check the first layer's input_shape.");
  CHECK(message_of<ShapeError>([] {
          Sequential{HashedWords(50), Dense(3)};
        }) == "layer 1 \"dense\" (Dense): input is ids; expected floats. Put an Embedding first.");
  CHECK_THROWS_AS(model.predict(Words{{"a", "good"}, {"film"}}), InvalidInput);
}

TEST_CASE("HashedWords of one's own has a length where the model is built for one") {
  Sequential model{HashedWords(50), Embedding(50, 2), Flatten()};
  model.build({None, 3});
  model.add(Dense(1));
  CHECK(model.output_shape() == Shape({None, 1}));
  CHECK(model.predict({{"a", "good", "film"}}).size() == 1);
  CHECK_THROWS_AS(model.predict({{"good", "film"}}), InvalidInput);
}

TEST_CASE("HashedWords of one's own is saved and loaded") {
  const TemporaryFolder folder;
  Sequential model = reader();
  const Tensor expected = model.predict(films);
  model.save_weights(folder / "model.weights.h5");
  Sequential other = reader();
  other.load_weights(folder / "model.weights.h5");
  CHECK((other.predict(films) == expected));
  for (const char* file : {"model.keras", "model.h5"}) {
    model.save(folder / file);
    const Sequential loaded = load_model(folder / file, {.custom_objects = {custom_layer<HashedWords>()}});
    CHECK((loaded.predict(films) == expected));
    CHECK(loaded.get_layer<HashedWords>(0).config().buckets == 50);
  }
}
