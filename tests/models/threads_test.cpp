// Training and prediction with any number of threads: the same numbers, to the bit.
#include "xeras/core/threads.hpp"

#include <functional>

#include "catch.hpp"
#include "support/threads.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::Threads;

namespace {

constexpr std::int64_t batch = 40, time_steps = 30, vocabulary = 500;

// Texts of different lengths, with a hole here and there, and of one that is empty.
xt::xtensor<int, 2> some_texts(std::uint64_t seed) {
  const RandomStream random(seed);
  xt::xtensor<int, 2> ids({batch, time_steps});
  for (std::size_t b = 0; b < batch; ++b) {
    const std::size_t length = b == 7 ? 0 : 1 + random.below(b, time_steps);
    for (std::size_t t = 0; t < time_steps; ++t) {
      ids(b, t) = t < length && t % 9 != 5 ? static_cast<int>(1 + random.below(1000 + b * 64 + t, vocabulary - 1)) : 0;
    }
  }
  return ids;
}

// What twenty steps leave: the losses, then the weights.
std::vector<Tensor> trained_with(int threads, const std::function<Sequential()>& make, const char* optimizer) {
  const Threads scope(threads);
  set_random_seed(5);
  Sequential model = make();
  model.compile(optimizer, "mse");
  Tensor losses(Tensor::shape_type{20});
  Tensor y(Tensor::shape_type{batch, 1});
  for (std::size_t b = 0; b < batch; ++b) y(b, 0) = static_cast<float>(b % 3);
  for (std::size_t step = 0; step < 20; ++step) {
    losses(step) = static_cast<float>(model.train_on_batch(some_texts(step), y)["loss"]);
  }
  std::vector<Tensor> all = model.get_weights();
  all.push_back(losses);
  all.push_back(model.predict(some_texts(99)));
  return all;
}

void check_same_bits(const std::function<Sequential()>& make, const char* optimizer) {
  const std::vector<Tensor> alone = trained_with(1, make, optimizer);
  for (const int threads : {2, 8}) CHECK((trained_with(threads, make, optimizer) == alone));
}

}  // namespace

TEST_CASE("Threads: an LSTM with dropout trains to the same bits with 1, 2 and 8") {
  check_same_bits(
      [] {
        return Sequential{Embedding(vocabulary, 48, {.mask_zero = true}),
                          LSTM(64, {.dropout = 0.2, .recurrent_dropout = 0.0, .return_sequences = true}),
                          Bidirectional(LSTM(40, {.dropout = 0.1})), Dense(1)};
      },
      "rmsprop");
  check_same_bits(
      [] {
        return Sequential{Embedding(vocabulary, 32, {.mask_zero = true}),
                          LSTM(64, {.dropout = 0.2, .recurrent_dropout = 0.2}), Dense(1)};
      },
      "adam");
}

TEST_CASE("Threads: GRU, convolution and normalization train to the same bits with 1, 2 and 8") {
  check_same_bits(
      [] {
        return Sequential{Embedding(vocabulary, 64, {.mask_zero = true}), GRU(64, {.return_sequences = true}),
                          BatchNormalization(), GlobalAveragePooling1D(), Dense(1)};
      },
      "adam");
  check_same_bits(
      [] {
        return Sequential{Embedding(vocabulary, 64),
                          Conv1D(128, 3, {.padding = "same", .activation = "relu"}),
                          LayerNormalization(),
                          SpatialDropout1D(0.2),
                          Conv1D(128, 3, {.activation = "relu"}),
                          GlobalMaxPooling1D(),
                          Dense(100, {.activation = "tanh"}),
                          Dropout(0.5),
                          Dense(1)};
      },
      "sgd");
}
