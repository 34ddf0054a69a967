#include "support/few_words.hpp"

#include "catch.hpp"
#include "layers/repeats.hpp"
#include "support/threads.hpp"
#include "xeras/xtensor.hpp"

namespace xeras::testing {

using namespace layers;

namespace {

constexpr std::size_t batch = 20, features = 48, vocabulary = 30;
constexpr float rounding = 2e-5f;  // of weights after some steps with another order of sums

}  // namespace

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

Lambda copying(bool masked) {
  LambdaOptions options{.gradient = [](const Tensor&, const Tensor&, const Tensor& dy) { return dy; }};
  if (masked) options.mask = [](const Tensor&, const Tensor& mask) { return mask; };
  return Lambda([](const Tensor& x) { return x; }, std::move(options));
}

TrainedOnWords train_on_words(const Embedding& embedding, bool by_word, const AddLayers& add_layers, int threads) {
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

void check_by_word(const Embedding& embedding, const AddLayers& add_layers) {
  const xt::xtensor<int, 2> ids = some_texts();
  Arena arena, scratch;
  const Repeats repeats = find_repeats({ids.data(), ids.size()}, arena, scratch);
  const auto words = static_cast<std::size_t>(xt::count_nonzero(ids)());
  REQUIRE(pays_by_word(repeats, words, features));
  const TrainedOnWords expected = train_on_words(embedding, false, add_layers, 1),
                       result = train_on_words(embedding, true, add_layers, 1);
  for (std::size_t i = 0; i < expected.weights.size(); ++i) {
    CHECK(xt::allclose(result.weights[i], expected.weights[i], 0.0, rounding));
  }
  CHECK(xt::allclose(result.predictions, expected.predictions, 0.0, rounding));
  for (const int threads : {2, 8})
    CHECK((train_on_words(embedding, true, add_layers, threads).weights == result.weights));
}

Embedding some_words(EmbeddingOptions options) {
  return Embedding(static_cast<std::int64_t>(vocabulary), static_cast<std::int64_t>(features), std::move(options));
}

}  // namespace xeras::testing
