#include "layers/embedding_mean.hpp"

#include <limits>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/random_floats.hpp"
#include "support/threads.hpp"
#include "support/warm_step.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::allocations_of_warm_step;
using xeras::testing::LayerProbe;
using xeras::testing::random_floats;
using xeras::testing::Threads;

namespace {

// The two layers, and the same with a layer between that hands its input on, so that they are not fused.
Sequential bag(std::int64_t words, std::int64_t width, bool mask_zero, bool fused, bool trainable = true) {
  Sequential model{Embedding(words, width, {.mask_zero = mask_zero, .trainable = trainable})};
  if (!fused) model.add(Activation("linear"));
  model.add(GlobalAveragePooling1D());
  return model;
}

// Ids (rows, steps) of which about a third is 0; the first row is all 0.
xt::xtensor<int, 2> some_ids(std::size_t rows, std::size_t steps, int words) {
  xt::xtensor<int, 2> ids = xt::zeros<int>({rows, steps});
  const RandomStream random(7);
  for (std::size_t i = steps; i < ids.size(); ++i) {
    ids.data()[i] = random.uniform(2 * i) < 0.3 ? 0 : static_cast<int>(random.uniform(2 * i + 1) * words);
  }
  return ids;
}

void check_bag(std::int64_t words, std::int64_t width, std::size_t rows, std::size_t steps) {
  for (const bool mask_zero : {true, false}) {
    INFO(words << " words of " << width << ", " << rows << " rows of " << steps << ", mask_zero " << mask_zero);
    Sequential joined = bag(words, width, mask_zero, true), apart = bag(words, width, mask_zero, false);
    const Extents input{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(steps)};
    LayerProbe one(joined, input), two(apart, input);
    CHECK(one.node().children[0].joins_next != nullptr);
    CHECK(two.node().children[0].joins_next == nullptr);
    apart.set_weights(joined.get_weights());
    const xt::xtensor<int, 2> ids = some_ids(rows, steps, static_cast<int>(words));
    const std::vector<float> x(ids.begin(), ids.end()), dy = random_floats(one.output_size(), 3);
    if (steps <= 64) {
      CHECK(one.forward(x) == two.forward(x));
      CHECK(one.backward(x, dy).weights == two.backward(x, dy).weights);
    } else {  // the blocks of long sums begin elsewhere where steps are masked
      check_close(one.forward(x), two.forward(x), 1e-6f);
      check_close(one.backward(x, dy).weights[0], two.backward(x, dy).weights[0], 1e-6f);
    }
  }
}

}  // namespace

TEST_CASE("EmbeddingMean is to the bit what Embedding and GlobalAveragePooling1D are one after the other") {
  for (const std::int64_t width : {1, 3, 8, 16, 50, 64, 129}) check_bag(30, width, 5, 7);
  check_bag(2, 4, 3, 1);
  check_bag(1, 4, 3, 5);
  check_bag(40, 8, 1, 9);
}

TEST_CASE("EmbeddingMean sums long texts and frequent words in blocks") {
  check_bag(3, 20, 4, 700);
  check_bag(50, 1100, 2, 300);
}

TEST_CASE("EmbeddingMean reads empty batches, and texts without steps as fully masked ones") {
  Sequential model = bag(5, 3, true, true);
  CHECK(model.predict(xt::xtensor<int, 2>(xt::zeros<int>({0, 4}))).shape()[0] == 0);
  CHECK((model.predict(xt::xtensor<int, 2>(xt::zeros<int>({2, 0}))) == xt::zeros<float>({2, 3})));
  CHECK((model.predict({{0, 0}}) == xt::zeros<float>({1, 3})));
}

TEST_CASE("EmbeddingMean averages the rows of the words") {
  Sequential model{Embedding(3, 2, {.weights = Tensor{{9, 9}, {1, 2}, {3, 6}}, .mask_zero = true}),
                   GlobalAveragePooling1D({.keepdims = true})};
  CHECK((model.predict({{1, 2, 0}, {0, 2, 2}}) == Tensor{{{2, 4}}, {{3, 6}}}));
}

TEST_CASE("EmbeddingMean checks ids as Embedding does") {
  Sequential model = bag(5, 3, true, true);
  CHECK_THROWS_WITH(
      model.predict({{1, 2}, {3, 5}}),
      "Embedding \"embedding\": id 5 at row 1, step 1; expected 0..4 (input_dim 5). A Tokenizer counts its "
      "words from 1: input_dim is their number + 1.");
}

TEST_CASE("EmbeddingMean joins no layers whose pair would be something else") {
  const auto joins = [](Sequential model) {
    const LayerProbe probe(model, {2, 6});
    return probe.node().children[0].joins_next != nullptr;
  };
  CHECK(joins(Sequential{Embedding(5, 2), GlobalAveragePooling1D()}));
  CHECK_FALSE(joins(Sequential{Embedding(5, 2, {.dropout = 0.5}), GlobalAveragePooling1D()}));
  CHECK_FALSE(joins(Sequential{Embedding(5, 2, {.activity_regularizer = "l2"}), GlobalAveragePooling1D()}));
  CHECK_FALSE(joins(Sequential{Embedding(5, 2), GlobalMaxPooling1D()}));
  Sequential shorter{Embedding(5, 2), GlobalAveragePooling1D()};
  shorter.pop();
  CHECK(shorter.predict({{1, 2}}).dimension() == 3);
}

TEST_CASE("EmbeddingMean trains to the same bits fused or not, frozen or not, with any number of threads") {
  const xt::xtensor<int, 2> ids = some_ids(64, 50, 40);
  const xt::xtensor<float, 1> y = xt::arange<float>(64) / 64.0f;
  const auto trained = [&](int threads, bool fused, bool trainable, const char* optimizer) {
    const Threads so_many(threads);
    set_random_seed(5);
    Sequential model{bag(40, 24, true, fused, trainable), Dense(1)};
    model.compile(optimizer, "mse");
    for (int step = 0; step < 3; ++step) model.train_on_batch(ids, y);
    return model.get_weights();
  };
  for (const char* optimizer : {"sgd", "adam", "lamb"}) {
    for (const bool trainable : {true, false}) {
      const std::vector<Tensor> one = trained(1, true, trainable, optimizer);
      CHECK(one == trained(1, false, trainable, optimizer));
      CHECK(one == trained(3, true, trainable, optimizer));
    }
  }
}

TEST_CASE("EmbeddingMean allocates nothing in a warm step") {
  Sequential model{bag(40, 24, true, true), Dense(1)};
  model.compile("adam", "mse");
  const xt::xtensor<int, 2> ids = some_ids(8, 30, 40);
  const xt::xtensor<float, 1> y = xt::ones<float>({8});
  CHECK(allocations_of_warm_step(model, ids, y) == 0);
}
