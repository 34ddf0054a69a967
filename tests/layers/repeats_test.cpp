#include "layers/repeats.hpp"

#include <functional>

#include "catch.hpp"
#include "support/threads.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::Threads;

namespace {

constexpr std::size_t batch = 20, time_steps = 24, features = 48, vocabulary = 30;
constexpr float rounding = 2e-5f;  // of weights after some steps that sum in another order

Repeats repeats_of(std::span<const std::int32_t> ids, Arena& arena) {
  Arena scratch;
  return find_repeats(ids, arena, scratch);
}

template <class T>
std::vector<T> copied(std::span<const T> values) {
  return {values.begin(), values.end()};
}

// Texts of few words, which end after different lengths; one is empty.
xt::xtensor<int, 2> some_texts() {
  const RandomStream random(3);
  xt::xtensor<int, 2> ids = xt::zeros<int>({batch, time_steps});
  for (std::size_t b = 0; b < batch; ++b) {
    for (std::size_t t = 0; t < (b == 3 ? 0 : 8 + b % (time_steps - 8)); ++t) {
      ids(b, t) = static_cast<int>(1 + random.below(b * time_steps + t, vocabulary - 1));
    }
  }
  return ids;
}

// A copy of the input, behind which nobody knows that rows are alike.
Lambda copying(bool masked) {
  LambdaOptions options{.gradient = [](const Tensor&, const Tensor&, const Tensor& dy) { return dy; }};
  if (masked) options.mask = [](const Tensor&, const Tensor& mask) { return mask; };
  return Lambda([](const Tensor& x) { return x; }, std::move(options));
}

using Layers = std::function<void(Sequential&)>;

struct Result {
  std::vector<Tensor> weights;
  Tensor predictions;
};

Result trained(const Embedding& embedding, bool by_word, const Layers& add_layers, int threads) {
  const Threads scope(threads);
  set_random_seed(7);
  Sequential model{embedding};
  if (!by_word) model.add(copying(embedding.config().options.mask_zero));
  add_layers(model);
  model.compile("sgd", "mse");
  Tensor y(Tensor::shape_type{batch, 1});
  for (std::size_t b = 0; b < batch; ++b) y(b, 0) = static_cast<float>(b % 3);
  for (int step = 0; step < 5; ++step) model.train_on_batch(some_texts(), y);
  return {model.get_weights(), model.predict(some_texts())};
}

// The numbers with and without the knowledge that words come again.
void check_by_word(const Embedding& embedding, const Layers& add_layers) {
  const xt::xtensor<int, 2> ids = some_texts();
  Arena arena;
  const Repeats repeats = repeats_of({ids.data(), ids.size()}, arena);
  const auto words = static_cast<std::size_t>(xt::count_nonzero(ids)());
  REQUIRE(pays_by_word(repeats, words, features));
  const Result expected = trained(embedding, false, add_layers, 1), result = trained(embedding, true, add_layers, 1);
  for (std::size_t i = 0; i < expected.weights.size(); ++i) {
    CHECK(xt::allclose(result.weights[i], expected.weights[i], 0.0, rounding));
  }
  CHECK(xt::allclose(result.predictions, expected.predictions, 0.0, rounding));
  for (const int threads : {2, 8}) CHECK((trained(embedding, true, add_layers, threads).weights == result.weights));
}

Embedding some_words(EmbeddingOptions options = {}) {
  return Embedding(static_cast<std::int64_t>(vocabulary), static_cast<std::int64_t>(features), std::move(options));
}

}  // namespace

TEST_CASE("find_repeats numbers distinct ids in the order of their first appearance") {
  const std::int32_t ids[] = {7, 2, 7, 0, 2147483647, 2, 7};
  Arena arena;
  const Repeats repeats = repeats_of(ids, arena);
  CHECK(copied(repeats.number) == std::vector<std::int32_t>{0, 1, 0, 2, 3, 1, 0});
  CHECK(copied(repeats.first) == std::vector<std::int32_t>{0, 1, 3, 4});
  CHECK(repeats_of({}, arena).first.empty());
}

TEST_CASE("find_repeats finds every id again where hashes meet") {
  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i < 3000; ++i) ids.push_back(i % 1000 * 4096);
  Arena arena;
  const Repeats repeats = repeats_of(ids, arena);
  REQUIRE(repeats.first.size() == 1000);
  for (std::int32_t i = 0; i < 3000; ++i) {
    if (repeats.number[static_cast<std::size_t>(i)] != i % 1000) FAIL("id at " << i);
  }
}

TEST_CASE("group_places lists where each distinct row stands") {
  const std::int32_t ids[] = {7, 2, 7, 0, 5, 2, 7};
  Arena arena;
  const Repeats repeats = repeats_of(ids, arena);
  std::vector<std::int32_t> begins(5), places(7);
  group_places(repeats, begins.data(), places.data());
  CHECK(begins == std::vector<std::int32_t>{0, 3, 5, 6, 7});
  CHECK(places == std::vector<std::int32_t>{0, 2, 6, 1, 5, 3, 4});
}

TEST_CASE("Work by words pays for few words of many features") {
  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i < 100; ++i) ids.push_back(i % 50);
  Arena arena;
  const Repeats half = repeats_of(ids, arena);
  CHECK(room_for_words(half) == 75);
  CHECK(pays_by_word(half, 100, 64));
  CHECK_FALSE(pays_by_word(half, 100, 32));  // 50 * 32 products against 100 * 16
  CHECK_FALSE(pays_by_word(half, 50, 1000));
  CHECK_FALSE(pays_by_word(half, 0, 1000));
  for (std::int32_t i = 0; i < 100; ++i) ids[static_cast<std::size_t>(i)] = i % 80;
  CHECK_FALSE(pays_by_word(repeats_of(ids, arena), 100, 100'000));  // there is no room for them
  CHECK_FALSE(pays_by_word({}, 100, 1000));
  CHECK(room_for_words({}) == 0);
}

TEST_CASE("Recurrent layers compute the same whether each word is multiplied once or wherever it stands") {
  check_by_word(some_words({.mask_zero = true}), [](Sequential& model) {
    model.add(LSTM(16));
    model.add(Dense(1));
  });
  check_by_word(some_words({.mask_zero = true}), [](Sequential& model) {
    model.add(GRU(70, {.recurrent_dropout = 0.3, .seed = 4, .return_sequences = true, .reset_after = false}));
    model.add(SimpleRNN(5));
    model.add(Dense(1));
  });
  check_by_word(some_words({.mask_zero = true, .dropout = 0.3, .seed = 9}), [](Sequential& model) {
    model.add(Bidirectional(GRU(9, {.use_bias = false})));
    model.add(Dense(1));
  });
  check_by_word(some_words(), [](Sequential& model) {
    model.add(SimpleRNN(6, {.kernel_regularizer = "l2", .go_backwards = true}));
    model.add(Dense(1));
  });
}

TEST_CASE("Recurrent layers predict to the same bits either way") {
  const auto bits = [](bool by_word) {
    set_random_seed(7);
    Sequential model{some_words({.mask_zero = true})};
    if (!by_word) model.add(copying(true));
    model.add(LSTM(16));
    return model.predict(some_texts());
  };
  CHECK((bits(true) == bits(false)));
}

TEST_CASE("Dropout of a recurrent layer's input tells one occurrence of a word from another") {
  const auto add_layers = [](Sequential& model) {
    model.add(LSTM(16, {.dropout = 0.4, .seed = 2}));
    model.add(Dense(1));
  };
  const Result expected = trained(some_words({.mask_zero = true}), false, add_layers, 1);
  CHECK((trained(some_words({.mask_zero = true}), true, add_layers, 1).weights == expected.weights));
}

TEST_CASE("Conv1D computes the same whether each word is multiplied once or wherever it stands") {
  for (const char* padding : {"valid", "same", "causal"}) {
    const auto check = [&](std::int64_t filters, std::int64_t size, std::int64_t strides, std::int64_t dilation) {
      INFO(filters << " filters of " << size << ", " << padding << ", strides " << strides << ", dilation "
                   << dilation);
      for (const bool pools : {false, true}) {
        check_by_word(some_words(), [&](Sequential& model) {
          model.add(Conv1D(filters, size,
                           {.strides = strides, .padding = padding, .dilation_rate = dilation, .activation = "relu"}));
          model.add(pools ? AnyLayer(GlobalMaxPooling1D()) : AnyLayer(GlobalAveragePooling1D()));
          model.add(Dense(1));
        });
      }
    };
    check(5, 3, 1, 1);
    check(3, 2, 3, 1);
    check(3, 3, 1, 2);
    check(130, 2, 1, 1);
    check(40, 7, 1, 1);
    check(2, 20, 1, 1);
  }
  check_by_word(some_words({.input_length = static_cast<std::int64_t>(time_steps), .trainable = false}),
                [](Sequential& model) {
                  model.add(Conv1D(4, 3, {.activation = "softmax", .use_bias = false}));
                  model.add(Flatten());
                  model.add(Dense(1));
                });
  check_by_word(some_words(), [](Sequential& model) {
    model.add(Conv1D(4, 3, {.activation = "gelu", .trainable = false}));
    model.add(GlobalAveragePooling1D());
    model.add(Dense(1));
  });
}

TEST_CASE("Conv1D predicts a text to the same bits whatever else is in the batch") {
  set_random_seed(7);
  Sequential model{some_words(), Conv1D(70, 3, {.activation = "relu"}), GlobalMaxPooling1D()};
  const Tensor all = model.predict(some_texts());
  const xt::xtensor<int, 2> ids = some_texts(), one = xt::view(ids, xt::range(5, 6));
  CHECK((model.predict(one) == Tensor(xt::view(all, xt::range(5, 6)))));
}

TEST_CASE("Repeats are known behind layers that hand on what the Embedding made, and to nobody else") {
  struct Asking final : LayerWith<DropoutOptions> {
    explicit Asking(bool& known) : known_(&known) {}
    Spec build(const Spec& input, Builder&) override { return input; }
    void forward(const Call& call) const override {
      *known_ = !call.repeats().number.empty();
      std::copy_n(call.input().data, call.input().size(), call.output().data);
    }
    bool* known_;
  };
  const xt::xtensor<int, 2> ids = some_texts();
  bool known = false, again = true;
  Sequential{some_words(), Dropout(0.5), Asking(known), Asking(again)}.predict(ids);
  CHECK(known);
  CHECK_FALSE(again);
  Sequential within{some_words()};
  Sequential{std::move(within), Asking(known)}.predict(ids);
  CHECK(known);
  Sequential{some_words(), Activation("relu"), Asking(known)}.predict(ids);
  CHECK_FALSE(known);
}
