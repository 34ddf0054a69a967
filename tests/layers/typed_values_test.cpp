#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

// Ids and strings go from layer to layer as floats do.
using namespace xeras;
using namespace xeras::layers;

namespace {

struct LengthsConfig {
  std::int64_t limit = 8;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(LengthsConfig, limit, name, trainable)

// Strings (batch, words) to ids (batch, words): the length of each, below `limit`.
class Lengths final : public LayerWith<LengthsConfig> {
 public:
  using LayerWith::LayerWith;

  std::optional<Spec> first_input() const override { return Spec{{None, None}, DType::string}; }
  Spec build(const Spec& input, Builder& builder) override {
    builder.expect(input, {.rank = 2, .dtype = DType::string});
    return {input.shape, DType::int32};
  }
  void forward(const Call& call) const override {
    const StringsView words = call.strings();
    for (std::int64_t i = 0; i < words.size(); ++i) {
      const auto length = static_cast<std::int64_t>(words.data[i].size());
      if (length >= config().limit) {
        throw InvalidInput(who() + ": row " + std::to_string(call.sample_number(i / words.extents[1])));
      }
      call.output_ids().data[i] = static_cast<std::int32_t>(length);
    }
  }
};

struct NextConfig {
  RegularizerArgument activity_regularizer = {};
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(NextConfig, activity_regularizer, name, trainable)

// Ids to ids: id + 1.
class Next final : public LayerWith<NextConfig> {
 public:
  using LayerWith::LayerWith;

  Spec build(const Spec& input, Builder& builder) override {
    builder.expect(input, {.rank = 2, .dtype = DType::int32});
    builder.activity_regularizer(config().activity_regularizer);
    ids_ = builder.scratch({input.shape[0], input.shape[1], 2});
    return {input.shape, DType::int32};
  }
  void forward(const Call& call) const override {
    auto* const ids = reinterpret_cast<std::int64_t*>(call[ids_].data);
    call.read_ids(ids);
    for (std::int64_t i = 0; i < call.ids().extents.size(); ++i) {
      call.output_ids().data[i] = static_cast<std::int32_t>(ids[i] + 1);
    }
  }

 private:
  Buffer ids_{};  // (batch, time, 2): 64 bits each
};

Sequential reader() {
  Sequential model{Lengths(), Embedding(8, 3, {.mask_zero = true}), LSTM(2), Dense(1)};
  return model;
}

// The same behind the lengths themselves.
Sequential twin_of(const Sequential& model) {
  Sequential twin{Embedding(8, 3, {.mask_zero = true}), LSTM(2), Dense(1)};
  twin.set_weights(model.get_weights());
  return twin;
}

const std::vector<std::vector<std::string>> words = {{"a", "bcd", ""}, {"ef", "", ""}, {"ghij", "k", "lmnop"}};
const std::vector<std::vector<int>> lengths = {{1, 3, 0}, {2, 0, 0}, {4, 1, 5}};
const std::vector<float> targets = {0.5f, -1.0f, 2.0f};

}  // namespace

TEST_CASE("a layer from strings to ids goes before an Embedding") {
  Sequential model = reader();
  CHECK(model.input_shape() == Shape({None, None}));
  Sequential twin = twin_of(model);
  CHECK((model.predict(words) == twin.predict(lengths)));
  CHECK((model.predict({{"a", "bcd", ""}, {"ef", "", ""}}) == twin.predict({{1, 3, 0}, {2, 0, 0}})));
  CHECK((model.predict(words, {.batch_size = 2}) == twin.predict(lengths, {.batch_size = 2})));
}

TEST_CASE("a model of strings trains as its twin of ids does") {
  Sequential model = reader();
  Sequential twin = twin_of(model);
  for (Sequential* each : {&model, &twin}) each->compile("adam", "mse");
  set_random_seed(3);
  const History history = model.fit(words, targets, {.batch_size = 2, .epochs = 3, .verbose = 0});
  set_random_seed(3);
  const History expected = twin.fit(lengths, targets, {.batch_size = 2, .epochs = 3, .verbose = 0});
  CHECK(history["loss"] == expected["loss"]);
  CHECK(model.get_weights() == twin.get_weights());
  CHECK(model.evaluate(words, targets, {.verbose = 0})["loss"] ==
        twin.evaluate(lengths, targets, {.verbose = 0})["loss"]);
}

TEST_CASE("a layer of strings names the sample of the user's array") {
  Sequential model = reader();
  model.compile("sgd", "mse");
  std::vector<std::vector<std::string>> with_long = words;
  with_long[2][0] = "a long word";
  CHECK(message_of<InvalidInput>([&] { model.predict(with_long, {.batch_size = 1}); }) == "Lengths \"lengths\": row 2");
  CHECK(message_of<InvalidInput>([&] { model.fit(with_long, targets, {.batch_size = 1, .verbose = 0}); }) ==
        "Lengths \"lengths\": row 2");
}

TEST_CASE("ids go from layer to layer") {
  Sequential model{Embedding(9, 2)};
  model.predict({{0}});
  Sequential behind{Lengths(), Next(), Next(), Embedding(9, 2)};
  behind.set_weights(model.get_weights());
  CHECK((behind.predict({{"ab", ""}}) == model.predict({{4, 2}})));
}

TEST_CASE("Embedding enforces input_length where a layer before it gives the ids") {
  Sequential model{Lengths(), Embedding(8, 3, {.input_length = 3}), Flatten(), Dense(1)};
  CHECK(model.predict(words).shape()[0] == 3);
  for (const auto& [row, shape] : {std::pair{std::vector<std::string>{"a", "b"}, "(1, 2)"},
                                   std::pair{std::vector<std::string>(500, "a"), "(1, 500)"}}) {
    CHECK(message_of<InvalidInput>([&, texts = row] { model.predict(std::vector<std::vector<std::string>>{texts}); }) ==
          std::string("Embedding \"embedding\": ids have shape ") + shape +
              "; expected sequences of input_length 3. Pad or cut the sequences, or leave input_length out.");
  }
}

TEST_CASE("a first layer of ids or strings says so by first_input") {
  CHECK(message_of<ShapeError>([] {
          Sequential{Next()}.build({None, 2});
        }) ==
        "layer 0 \"next\" (Next): input is floats; expected ids. Override first_input, which tells a model what its "
        "first "
        "layer takes.");
}

TEST_CASE("a model that ends with ids predicts them as floats, and has no loss") {
  Sequential model{Lengths(), Next()};
  CHECK((model.predict(words) == Tensor({{2, 4, 1}, {3, 1, 1}, {5, 2, 6}})));
  model.compile("sgd", "mse");
  CHECK(message_of<InvalidInput>([&] { model.fit(words, targets, {.verbose = 0}); }) ==
        "fit: Next \"next\", the last layer, gives ids; expected floats, for a loss. Add layers.");
}

TEST_CASE("a layer of ids refuses an activity_regularizer, which is for floats") {
  Sequential model{Lengths()};
  CHECK(message_of<InvalidArgument>([&] { model.add(Next({.activity_regularizer = "l2"})); }) ==
        "layer 1 \"next\" (Next): activity_regularizer on a layer that returns ids; expected a layer that returns "
        "floats. "
        "Leave it out.");
}

TEST_CASE("models refuse data of another kind than their first layer takes") {
  Sequential strings = reader();
  CHECK(message_of<InvalidInput>([&] { strings.predict(lengths); }) ==
        "predict: x holds numbers, but the first layer takes strings; expected strings. Give the texts themselves.");
  Sequential ids{Embedding(8, 3)};
  CHECK(message_of<InvalidInput>([&] { ids.predict(words); }) ==
        "predict: x holds strings, but the first layer takes ids; expected ids. text::Tokenizer makes ids of texts.");
  Sequential floats{Dense(1, {.input_shape = {3}})};
  CHECK(message_of<InvalidInput>([&] { floats.predict(words); }) ==
        "predict: x holds strings, but the first layer takes floats; expected floats. text::Tokenizer makes ids of "
        "texts.");
  floats.compile("sgd", "mse");
  const xt::xarray<float> x = xt::ones<float>({3, 3});
  CHECK(message_of<InvalidInput>([&] {
          floats.fit(x, std::vector<std::string>{"a", "b", "c"}, {.verbose = 0});
        }) ==
        "input: an array of texts; expected numbers. Only the first layer of a model can take texts; text::Tokenizer "
        "makes "
        "ids of them.");
}

TEST_CASE("layers of floats refuse strings, and layers of strings floats") {
  CHECK(message_of<ShapeError>([] {
          Sequential{Lengths(), Dense(2)};
        }) == "layer 1 \"dense\" (Dense): input is ids; expected floats. Put an Embedding first.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Dense(2, {.input_shape = {3}}), Lengths()};
        }) == "layer 1 \"lengths\" (Lengths): input is floats; expected strings. Put a layer that takes them first.");
}

TEST_CASE("repeats travel with the values that a layer hands on") {
  // A convolution multiplies each distinct word once, behind a layer that passes its input too: the same numbers.
  Sequential plain{Embedding(5, 4), Conv1D(3, 2, {.padding = "same"}), GlobalMaxPooling1D(), Dense(1)};
  Sequential passing{Embedding(5, 4), Dropout(0.5), Conv1D(3, 2, {.padding = "same"}), GlobalMaxPooling1D(), Dense(1)};
  passing.set_weights(plain.get_weights());
  const std::vector<std::vector<int>> x = {{1, 1, 2, 1, 2, 2, 1}, {3, 3, 3, 3, 1, 1, 1}};
  CHECK((passing.predict(x) == plain.predict(x)));
}
