#include "io/vocabularies.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

const std::vector<std::string> films = {"A charming film!", "dull, dull film", "a dull cast", "charming é"};

Sequential model_of(TextVectorizationOptions options) {
  const std::string mode = options.output_mode;
  TextVectorization layer(options);
  if (!options.vocabulary) layer.adapt(films);
  Sequential model{std::move(layer)};
  if (mode == "int") {
    model.add(Embedding(200, 3));
    model.add(GlobalAveragePooling1D());
  }
  model.add(Dense(1));
  return model;
}

}  // namespace

TEST_CASE("Files hold the words of TextVectorization") {
  const TemporaryFolder folder;
  for (const TextVectorizationOptions& options : std::vector<TextVectorizationOptions>{
           {},
           {.max_tokens = 5, .standardize = nullptr, .ngrams = 2, .output_sequence_length = 4},
           {.split = "character", .ngrams = {3, 1}},
           {.output_mode = "tf_idf"},
           {.max_tokens = 30, .output_mode = "tf_idf", .pad_to_max_tokens = true},
           {.vocabulary = {"dull", "film"}},
           {.output_mode = "tf_idf", .vocabulary = {"dull", "film"}, .idf_weights = {0.5, 0.25}}}) {
    const Sequential model = model_of(options);
    model.save(folder / "model.keras");
    const Sequential loaded = load_model(folder / "model.keras");
    const auto& before = model.get_layer<TextVectorization>(0);
    const auto& after = loaded.get_layer<TextVectorization>(0);
    CHECK(after.get_vocabulary() == before.get_vocabulary());
    CHECK(after.idf_of_columns() == before.idf_of_columns());
    CHECK(after.get_config() == before.get_config());
    CHECK((loaded.predict(films) == model.predict(films)));
    CHECK((loaded.predict({{"dull é"}}) == model.predict({"dull é"})));

    model.save_weights(folder / "model.weights.h5");
    Sequential other = model.clone();
    other.load_weights(folder / "model.weights.h5");
    CHECK((other.predict(films) == model.predict(films)));
  }
}

TEST_CASE("Files hold the words of lookups, also within models") {
  const TemporaryFolder folder;
  StringLookup words({.num_oov_indices = 2, .mask_token = "", .input_shape = {3}});
  words.adapt({"a", "b", "b"});
  IntegerLookup integers;
  integers.adapt({3, 4, 4, 5});
  Sequential inner{std::move(words), std::move(integers)};
  Sequential model{std::move(inner), Hashing(7, {.salt = {1, 2}}), CategoryEncoding(7), Dense(1)};
  model.save(folder / "model.keras");
  const Sequential loaded = load_model(folder / "model.keras");
  CHECK((loaded.predict({{"a", "b", "x"}}) == model.predict({{"a", "b", "x"}})));
  const auto& part = loaded.get_layer<Sequential>(0);
  CHECK(part.get_layer<IntegerLookup>(1).get_vocabulary() == std::vector<std::int64_t>{-1, 4, 5, 3});
}

TEST_CASE("Files of the older format hold only words that are arguments") {
  const TemporaryFolder folder;
  const Sequential given = model_of({.vocabulary = {"dull", "film"}});
  given.save(folder / "model.h5");
  CHECK((load_model(folder / "model.h5").predict(films) == given.predict(films)));
  const Sequential learnt = model_of({});
  const std::string path = folder / "learnt.h5";
  CHECK(
      message_of<InvalidArgument>([&] { learnt.save(path); }) ==
      path +
          ": \"text_vectorization\" has learnt a vocabulary, which .h5 files do not hold; expected a .keras file. Give "
          "it that name, or give the words as the argument .vocabulary.");
}

TEST_CASE("A configuration without words gives a layer that has to learn them") {
  const Sequential model = model_of({.output_mode = "count"});
  Sequential blank = model_from_json(model.to_json());
  CHECK(blank.output_shape() == model.output_shape());
  CHECK_THROWS_AS(blank.predict(films), Error);
  blank.get_layer<TextVectorization>(0).adapt(films);
  blank.set_weights(model.get_weights());
  CHECK((blank.predict(films) == model.predict(films)));
}

TEST_CASE("A vocabulary with line ends is not saved") {
  const TemporaryFolder folder;
  StringLookup layer({.input_shape = {1}});
  layer.adapt({"a\nb"});
  const Sequential model{std::move(layer)};
  CHECK(message_of<Error>([&] { model.save(folder / "model.keras"); }) ==
        "StringLookup \"string_lookup\": the vocabulary has \"a b\"; expected words without line ends, which files "
        "separate by lines. Leave it out, or give the words as the argument .vocabulary.");
}
