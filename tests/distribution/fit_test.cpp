#include "both_ways.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

namespace {

// 43 samples in batches of 8: the last batch has 3, fewer than some numbers of processes.
const xt::xarray<float> features = numbers({43, 6}, 1);
const xt::xarray<float> results = numbers({43, 2}, 2);
const xt::xarray<int> texts = ids({43, 7}, 30, 3);  // with padding behind none of them
const xt::xarray<int> classes = ids({43}, 4, 4);

xt::xarray<int> padded_texts() {
  xt::xarray<int> padded = texts;
  for (std::size_t row = 0; row < 43; ++row) {
    for (std::size_t step = 7 - row % 7; step < 7; ++step) padded(row, step) = 0;
  }
  return padded;
}

Sequential text_model() {
  Sequential model;
  model.add(Embedding(30, 5, {.mask_zero = true}));
  model.add(LSTM(4, {.dropout = 0.2, .recurrent_dropout = 0.2}));
  model.add(Dense(4, {.activation = "softmax"}));
  return model;
}

template <class Optimizer>
void check_optimizer(Optimizer optimizer, double tolerance = 2e-6) {
  check_both_ways(
      [&] {
        Sequential model;
        model.add(Embedding(30, 5, {.mask_zero = true}));
        model.add(GlobalAveragePooling1D());
        model.add(Dense(4, {.activation = "softmax"}));
        model.compile(optimizer, "sparse_categorical_crossentropy", {"accuracy"});
        return fit(model, padded_texts(), classes, {.batch_size = 8, .epochs = 4, .verbose = 0});
      },
      tolerance);
}

}  // namespace

TEST_CASE("Processes train a dense model as one does") {
  check_both_ways([] {
    Sequential model;
    model.add(Dense(8, {.activation = "tanh", .kernel_regularizer = "l2", .input_shape = {6}}));
    model.add(Dropout(0.3));
    model.add(GaussianNoise(0.1));
    model.add(Dense(2));
    model.compile(optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9, .global_clipnorm = 0.5}), "mse", {"mae"});
    return fit(model, features, results, {.batch_size = 8, .epochs = 4, .verbose = 0, .validation_split = 0.2});
  });
}

TEST_CASE("Processes train a recurrent model with masks, weights and validation as one does") {
  const xt::xarray<float> weights = xt::abs(numbers({43}, 5));
  check_both_ways([&] {
    Sequential model = text_model();
    model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
    return fit(model, padded_texts(), classes,
               {.batch_size = 8,
                .epochs = 4,
                .verbose = 0,
                .validation_data = {padded_texts(), classes},
                .sample_weight = weights});
  });
  check_both_ways([&] {
    Sequential model = text_model();
    model.compile("rmsprop", "sparse_categorical_crossentropy", {"accuracy"});
    return fit(model, padded_texts(), classes,
               {.batch_size = 8, .epochs = 2, .verbose = 0, .class_weight = {{0, 2.0}, {3, 0.5}}});
  });
}

TEST_CASE("Processes normalize, regularize and accumulate over the whole batch") {
  check_both_ways([] {
    Sequential model;
    model.add(Dense(8, {.activation = "relu", .activity_regularizer = "l2", .input_shape = {6}}));
    model.add(BatchNormalization());
    model.add(Dense(2));
    model.compile(optimizers::Adam({.gradient_accumulation_steps = 2}), "huber");
    return fit(model, features, results, {.batch_size = 9, .epochs = 4, .verbose = 0});
  });
}

TEST_CASE("Losses that compare the samples of a batch are those of the whole batch") {
  check_both_ways([] {
    Sequential model;
    model.add(Dense(2, {.activation = "sigmoid", .input_shape = {6}}));
    model.compile(optimizers::SGD(0.1), losses::Dice());
    return fit(model, features, xt::xarray<float>(xt::abs(results)), {.batch_size = 9, .epochs = 2, .verbose = 0});
  });
}

TEST_CASE("Every optimizer keeps the table of an Embedding in step") {
  using namespace optimizers;
  check_optimizer(SGD());
  check_optimizer(SGD({.learning_rate = 0.01, .momentum = 0.9, .nesterov = true}));
  check_optimizer(RMSprop());
  check_optimizer(Adagrad());
  check_optimizer(Adadelta());
  check_optimizer(Adam());
  check_optimizer(Adam({.amsgrad = true}));
  check_optimizer(AdamW());
  check_optimizer(Adamax());
  check_optimizer(Nadam());
  check_optimizer(Ftrl());
  check_optimizer(Lion(), 1e-3);  // a sign may differ where a gradient is nearly 0
  check_optimizer(Lamb());
  check_optimizer(Adafactor(), 1e-4);  // divides by small numbers
  check_optimizer(Muon(), 1e-4);
  check_optimizer(ScheduleFreeAdamW());
}

TEST_CASE("Processes share the scores and predictions of arrays") {
  check_both_ways([] {
    Sequential model = text_model();
    model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
    Trained trained = fit(model, padded_texts(), classes, {.batch_size = 8, .epochs = 1, .verbose = 0});
    const Scores scores = model.evaluate(padded_texts(), classes, {.batch_size = 10, .verbose = 0});
    trained.losses.insert(trained.losses.end(), {scores["loss"], scores["accuracy"]});
    const Tensor predictions = model.predict(texts, {.batch_size = 10});
    trained.weights.insert(trained.weights.end(), predictions.begin(), predictions.end());
    return trained;
  });
}

TEST_CASE("A step sends the predictions, the dense gradients twice, and only the rows that the batch reads") {
  distribution::initialize();
  const auto others = static_cast<std::uint64_t>(distribution::num_processes() - 1);
  const std::uint64_t before_fit = distribution::bytes_sent();
  Sequential model;
  model.add(Embedding(10'000, 5));
  model.add(GlobalAveragePooling1D());
  model.add(Dense(4, {.activation = "softmax"}));
  model.compile("adam", "sparse_categorical_crossentropy");
  std::uint64_t begin = 0, end = 0;
  const callbacks::LambdaCallback marks(
      {.on_epoch_begin = [&](std::int64_t) { begin = distribution::bytes_sent(); },
       .on_epoch_end = [&](std::int64_t, const Scores&) { end = distribution::bytes_sent(); }});
  distribution::set_distribution(distribution::DataParallel());
  model.fit(texts, classes, {.batch_size = 43, .epochs = 1, .verbose = 0, .callbacks = marks});
  distribution::clear_distribution();
  if (others == 0) {
    CHECK(distribution::bytes_sent() == before_fit);
  } else if (distribution::process_id() == 0) {
    const std::uint64_t samples = 43 / (others + 1);
    const std::uint64_t rows = samples * 7 * (5 + 1) * 4, predictions = samples * 4 * 4, dense = 2 * (5 * 4 + 4) * 4;
    CHECK(end - begin > others * (predictions + dense) / 2);
    CHECK(end - begin < others * (rows + predictions + dense + 300));  // 300: what the hooks of the callback change
  }
}
