// fit, evaluate and predict with datasets.
#include "models/dataset_batches.hpp"

#include <atomic>
#include <fstream>
#include <set>
#include <stdexcept>
#include <thread>

#include "catch.hpp"
#include "support/captured.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using testing::Captured;

namespace {

constexpr std::int64_t batch_size = 4;

// The batches of arrays.
struct Slices final : data::Dataset {
  Slices(Tensor of_x, Tensor of_y) : x(std::move(of_x)), y(std::move(of_y)) {}
  std::int64_t num_batches() const override { return (rows() + batch_size - 1) / batch_size; }
  data::Batch get_batch(std::int64_t index) override {
    if (index == slow) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    {
      const std::lock_guard lock(mutex);
      indices.push_back(index);
      threads.insert(std::this_thread::get_id());
    }
    if (index == broken) throw std::domain_error("the disk is full");
    const std::int64_t first = index * batch_size, count = std::min(batch_size, rows() - first);
    return {Input(x).samples(first, count), Input(y).samples(first, count)};
  }
  void set_epoch(std::int64_t epoch) override { epochs.push_back(epoch); }
  void on_epoch_begin() override { ++begun; }
  void on_epoch_end() override { ++ended; }
  std::int64_t rows() const { return static_cast<std::int64_t>(x.shape()[0]); }

  Tensor x, y;
  std::int64_t broken = -1, slow = 0;
  std::mutex mutex;
  std::vector<std::int64_t> indices, epochs;
  std::set<std::thread::id> threads;
  int begun = 0, ended = 0;
};

Tensor some(std::vector<std::size_t> shape, std::uint64_t seed) {
  Tensor tensor(shape);
  const RandomStream stream(seed);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(stream.normal(i));
  return tensor;
}

Sequential noisy_model() {
  set_random_seed(7);
  Sequential model{Dense(8, {.activation = "relu", .input_shape = Shape{3}}), Dropout(0.3), Dense(1)};
  model.compile("adam", "mse", "mae");
  return model;
}

std::vector<float> weights_of(const Sequential& model) {
  std::vector<float> all;
  for (const Tensor& weight : model.get_weights()) all.insert(all.end(), weight.begin(), weight.end());
  return all;
}

const Tensor x18 = some({18, 3}, 1), y18 = some({18, 1}, 2);

// y = x, which does not learn: the loss of a sample is its square.
Sequential identity() {
  Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  return model;
}

// Batches of the one sample {i}, i = 1, 2 ... to `last`.
data::Generator counting(int last) {
  return data::from_generator([i = 0, last]() mutable -> std::optional<data::Batch> {
    if (i == last) return {};
    return data::Batch{{{static_cast<float>(++i)}}, {{0.0f}}};
  });
}

// The batch that a function makes.
struct One final : data::Dataset {
  explicit One(std::function<data::Batch(std::int64_t)> f, std::int64_t batches = 3)
      : make(std::move(f)), size(batches) {}
  std::int64_t num_batches() const override { return size; }
  data::Batch get_batch(std::int64_t index) override { return make(index); }
  std::function<data::Batch(std::int64_t)> make;
  std::int64_t size;
};

}  // namespace

TEST_CASE("A dataset trains to the same bits as its arrays, with any number of threads") {
  Sequential arrays = noisy_model();
  const History expected = arrays.fit(
      x18, y18, {.batch_size = batch_size, .epochs = 3, .verbose = 0, .validation_data = {x18, y18}, .shuffle = false});
  for (const int workers : {0, 1, 2, 4}) {
    Sequential model = noisy_model();
    Slices slices(x18, y18), held_out(x18, y18);
    const History history = model.fit(slices, {.epochs = 3,
                                               .verbose = 0,
                                               .shuffle = false,
                                               .validation_dataset = &held_out,
                                               .workers = workers,
                                               .max_queue_size = 2});
    CHECK(weights_of(model) == weights_of(arrays));
    CHECK(history["loss"] == expected["loss"]);
    CHECK(history["mae"] == expected["mae"]);
    CHECK(slices.indices.size() == 15);
    CHECK((slices.begun == 3 && slices.ended == 3));
    CHECK(slices.epochs == std::vector<std::int64_t>{0, 1, 2});
    if (workers <= 1)
      CHECK(slices.threads == std::set{std::this_thread::get_id()});
    else
      CHECK(slices.threads.count(std::this_thread::get_id()) == 0);
    // As many batches as samples, so that the sums are the same.
    const Scores scores = model.evaluate(slices, {.verbose = 0, .workers = workers});
    CHECK(scores["loss"] == arrays.evaluate(x18, y18, {.batch_size = batch_size, .verbose = 0})["loss"]);
    CHECK(history["val_loss"].back() == scores["loss"]);
    CHECK((model.predict(slices, {.workers = workers}) == arrays.predict(x18, {.batch_size = batch_size})));
  }
}

TEST_CASE("shuffle permutes the batches anew in each epoch, and the seed alone determines how") {
  const auto order = [](int workers) {
    Sequential model = noisy_model();
    Slices slices(x18, y18);
    std::vector<std::vector<float>> seen;
    model.fit(data::map(slices, [&](data::Batch batch) { return batch; }),
              {.epochs = 2, .verbose = 0, .workers = workers});
    return std::pair(slices.indices, weights_of(model));
  };
  const auto [indices, weights] = order(1);
  const std::vector<std::int64_t> first(indices.begin(), indices.begin() + 5),
      second(indices.begin() + 5, indices.end());
  CHECK(first != second);
  for (const auto& epoch : {first, second}) {
    CHECK(std::set(epoch.begin(), epoch.end()) == std::set<std::int64_t>{0, 1, 2, 3, 4});
  }
  CHECK(order(4).second == weights);
}

TEST_CASE("steps_per_epoch continues over epochs, gets no batch too many, and the batches of a pass come in turn") {
  for (const int workers : {1, 3}) {
    Sequential model = identity();
    Slices slices(some({12, 1}, 1), some({12, 1}, 2));
    const Captured captured(std::cerr);
    model.fit(slices, {.epochs = 3, .verbose = 0, .shuffle = false, .steps_per_epoch = 2, .workers = workers});
    // Threads may begin the batches of an epoch in any order.
    std::sort(slices.indices.begin(), slices.indices.begin() + 2);
    std::sort(slices.indices.begin() + 3, slices.indices.end());
    CHECK(slices.indices == std::vector<std::int64_t>{0, 1, 2, 0, 1});
    CHECK(captured.text() ==
          "fit: warning: the data ended after 1 of 2 steps; expected as many batches as steps_per_epoch asks for. Give "
          "more data, or fewer steps.\n");
    CHECK((slices.begun == 3 && slices.ended == 3));
  }
}

TEST_CASE("A generator continues over epochs; fit ends with it, and with a warning if epochs remain") {
  for (const int workers : {1, 3}) {
    Sequential model = identity();
    CHECK(model.fit(counting(9), {.epochs = 2, .verbose = 0, .steps_per_epoch = 2, .workers = workers})["loss"] ==
          std::vector<double>{2.5, 12.5});
    CHECK(model.fit(counting(3), {.verbose = 0, .workers = workers})["loss"] == std::vector<double>{14.0 / 3});
    const Captured captured(std::cerr);
    CHECK(model.fit(counting(4), {.epochs = 3, .verbose = 0, .steps_per_epoch = 2, .workers = workers})["loss"] ==
          std::vector<double>{2.5, 12.5});
    CHECK(
        captured.text() ==
        "fit: warning: the data ended before epoch 3 of 3; expected batches for each epoch, and training ends. Give a "
        "dataset that can start again, or steps_per_epoch and more batches.\n");
  }
}

TEST_CASE("fit asks a generator for no more batches than it trains on") {
  int calls = 0;
  auto generator = data::from_generator([&]() -> std::optional<data::Batch> {
    ++calls;
    return data::Batch{{{1.0f}}, {{0.0f}}};
  });
  Sequential model = identity();
  model.fit(generator, {.epochs = 2, .verbose = 0, .steps_per_epoch = 3, .workers = 4});
  CHECK(calls == 6);
  model.evaluate(generator, {.verbose = 0, .steps = 2});
  model.predict(generator, {.steps = 1});
  CHECK(calls == 9);
}

TEST_CASE("An exception of a dataset is passed on, with the weights of the last whole step") {
  Sequential expected = noisy_model();
  Tensor x8 = some({18, 3}, 1), y8 = y18;
  expected.fit(Input(x18).samples(0, 8), Input(y18).samples(0, 8),
               {.batch_size = batch_size, .verbose = 0, .shuffle = false});
  for (const int workers : {1, 2, 4}) {
    Sequential model = noisy_model();
    Slices slices(x18, y18);
    slices.broken = 2;
    CHECK_THROWS_AS(model.fit(slices, {.epochs = 2, .verbose = 0, .shuffle = false, .workers = workers}),
                    std::domain_error);
    CHECK(weights_of(model) == weights_of(expected));
    CHECK_THROWS_AS(model.evaluate(slices, {.verbose = 0, .workers = workers}), std::domain_error);
    CHECK_THROWS_AS(model.predict(slices, {.workers = workers}), std::domain_error);
    slices.broken = -1;
    model.fit(slices, {.verbose = 0, .workers = workers});  // the model is usable
  }
}

TEST_CASE("A callback that stops training ends the threads and the epoch") {
  struct Stop : callbacks::Callback {
    void on_train_batch_end(std::int64_t batch, const Scores&) override {
      if (batch == 1) model().stop_training();
    }
  };
  struct Throw : callbacks::Callback {
    void on_train_batch_end(std::int64_t, const Scores&) override { throw std::domain_error("enough"); }
  };
  for (const int workers : {1, 4}) {
    Sequential model = noisy_model();
    Slices slices(x18, y18);
    CHECK(model.fit(slices, {.epochs = 9, .verbose = 0, .callbacks = Stop(), .workers = workers})["loss"].size() == 1);
    CHECK(slices.ended == 1);
    CHECK_THROWS_AS(model.fit(slices, {.verbose = 0, .callbacks = Throw(), .workers = workers}), std::domain_error);
  }
}

TEST_CASE("The hooks of a callback and of the dataset come in Keras's order") {
  static std::string log;
  log.clear();
  struct Log : callbacks::Callback {
    void on_train_begin() override { log += "train("; }
    void on_train_end(const Scores&) override { log += ")train"; }
    void on_epoch_begin(std::int64_t epoch) override { log += " epoch" + std::to_string(epoch) + "("; }
    void on_epoch_end(std::int64_t, const Scores&) override { log += ")epoch "; }
    void on_train_batch_begin(std::int64_t batch) override { log += std::to_string(batch); }
    void on_train_batch_end(std::int64_t, const Scores&) override { log += "; "; }
    void on_test_begin() override { log += "test("; }
    void on_test_batch_begin(std::int64_t batch) override { log += std::to_string(batch); }
    void on_test_end(const Scores&) override { log += ")"; }
  };
  struct Noting final : data::Dataset {
    explicit Noting(const char* of) : name(of) {}
    std::int64_t num_batches() const override { return 2; }
    data::Batch get_batch(std::int64_t index) override {
      log += name + std::to_string(index) + " ";
      return {{{1.0f}}, {{0.0f}}};
    }
    void on_epoch_begin() override { log += name + "< "; }
    void on_epoch_end() override { log += name + "> "; }
    std::string name;
  };
  Sequential model = identity();
  Noting train("a"), held_out("b");
  model.fit(train, {.epochs = 1, .verbose = 0, .callbacks = Log(), .shuffle = false, .validation_dataset = held_out});
  CHECK(log == "train( epoch0(a< a0 0; a1 1; a> test(b< b0 0b1 1b> ))epoch )train");
}

TEST_CASE("Batches may differ in length and in size") {
  Sequential model{Embedding(20, 4, {.mask_zero = true}), LSTM(3), Dense(1)};
  model.compile("sgd", "mse");
  One ragged(
      [](std::int64_t i) -> data::Batch {
        const auto rows = static_cast<std::size_t>(i + 1), steps = static_cast<std::size_t>(2 + 3 * ((i * 2) % 5));
        return {xt::xarray<int>(xt::ones<int>({rows, steps})),
                xt::xarray<float>(xt::zeros<float>({rows, std::size_t{1}}))};
      },
      5);
  model.fit(ragged, {.epochs = 2, .verbose = 0, .workers = 2});
  CHECK(model.predict(ragged).shape()[0] == 15);
  Sequential steps{Embedding(20, 4)};
  CHECK(
      message_of<InvalidInput>([&] { steps.predict(ragged); }) ==
      "predict: batch 1 has predictions of shape (2, 8, 4) behind others of shape (1, 2, 4); expected equal sizes but "
      "for the first axis, to join them. Pad the texts of all batches to one length, or predict batch by batch.");
}

TEST_CASE("A batch that does not fit raises with its index, also behind shuffling") {
  const auto message = [](const std::function<data::Batch(std::int64_t)>& bad) {
    std::vector<std::string> messages;
    for (const int workers : {1, 3}) {
      Sequential model = identity();
      One dataset([&](std::int64_t i) -> data::Batch {
        if (i == 1) return bad(i);
        return {{{1.0f}}, {{0.0f}}};
      });
      messages.push_back(message_of<InvalidInput>([&] { model.fit(dataset, {.verbose = 0, .workers = workers}); }));
    }
    CHECK(messages[0] == messages[1]);
    return messages[0];
  };
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f, 2.0f}}, {{0.0f}}};
        }) == "fit: batch 1: x has shape (1, 2); expected (None, 1). Check the first layer's input_shape.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f}}, {{0.0f}, {1.0f}}};
        }) == "fit: batch 1: x has 1 samples and y has 2; expected equal numbers. Check how the data was assembled.");
  CHECK(message([](std::int64_t) -> data::Batch { return {{{1.0f}}}; }) ==
        "fit: batch 1: y is missing; expected the targets. Pass one for each row of x.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f}}, {{0.0f}}, {1.0f, 2.0f}};
        }) ==
        "fit: batch 1: x has 1 samples and sample_weight has 2; expected equal numbers. Check how the data was "
        "assembled.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f}, {NAN}}, {{0.0f}, {0.0f}}};
        }) == "fit: batch 1: x has nan in row 1; expected finite numbers. Remove or fill it.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {xt::xtensor<float, 2>::from_shape({0, 1}), xt::xtensor<float, 2>::from_shape({0, 1})};
        }) == "fit: batch 1: x is empty; expected at least one sample. Check how x was made, and skip empty batches.");
  CHECK(message([](std::int64_t) -> data::Batch { return {}; }) ==
        "fit: batch 1 has no x; expected samples in each of the 3 batches that num_batches() states. Return them, or "
        "data::unknown if only the end tells the number.");
  Sequential ids{Embedding(5, 1), Flatten()};
  CHECK(message_of<InvalidInput>([&] {
          Sequential words{Embedding(5, 2), GlobalAveragePooling1D(), Dense(1)};
          words.predict(One([](std::int64_t i) -> data::Batch { return {{{static_cast<int>(4 * i)}}}; }));
        }).starts_with("predict: batch 2: "));
}

TEST_CASE("A dataset without batches raises") {
  Sequential model = identity();
  const char* const expected =
      "fit: the dataset has no batches; expected at least one. Check how it was made; a generator gives each batch "
      "once.";
  CHECK(message_of<InvalidInput>([&] { model.fit(counting(0), {.verbose = 0}); }) == expected);
  CHECK(message_of<InvalidInput>(
            [&] { model.fit(One([](std::int64_t) { return data::Batch(); }, 0), {.verbose = 0}); }) == expected);
  Sequential unbuilt{Dense(1)};
  unbuilt.compile("sgd", "mse");
  CHECK(message_of<InvalidInput>([&] { unbuilt.fit(counting(0), {.verbose = 0}); }) == expected);
  data::Generator used = counting(2);
  model.evaluate(used, {.verbose = 0});
  CHECK(message_of<InvalidInput>([&] { model.evaluate(used, {.verbose = 0}); }) ==
        "evaluate: the dataset has no batches; expected at least one. Check how it was made; a generator gives each "
        "batch once.");
  data::Generator held_out = counting(2);
  CHECK(message_of<InvalidInput>(
            [&] { model.fit({{1.0f}}, {{1.0f}}, {.epochs = 2, .verbose = 0, .validation_dataset = &held_out}); }) ==
        "fit: validation: the dataset has no batches left; expected at least one. Check how it was made; a generator "
        "gives each batch once.");
}

TEST_CASE("A model without an input shape is built for a batch that is not lost") {
  const auto unbuilt = [] {
    Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "ones"})};
    model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
    return model;
  };
  Sequential fitted = unbuilt(), evaluated = unbuilt(), predicting = unbuilt();
  CHECK(fitted.fit(counting(2), {.verbose = 0})["loss"] == std::vector<double>{2.5});
  CHECK(evaluated.evaluate(counting(2), {.verbose = 0})["loss"] == 2.5);
  CHECK((predicting.predict(counting(2)) == xt::xtensor<float, 2>{{1}, {2}}));
  const Sequential constant = unbuilt();
  CHECK_THROWS_AS(constant.evaluate(counting(2)), ShapeError);
  CHECK_THROWS_AS(constant.predict(counting(2)), ShapeError);
}

TEST_CASE("class_weight applies to datasets, and not together with weights in a batch") {
  Sequential model = identity();
  const xt::xtensor<float, 2> x{{1}, {2}}, y{{0}, {1}};
  const auto loss = [&](data::Batch batch) {
    return model.fit(One([batch](std::int64_t) { return batch; }, 1),
                     {.verbose = 0, .class_weight = {{0, 3.0}, {1, 5.0}}})["loss"][0];
  };
  CHECK(loss({x, y}) == (3.0 * 1 + 5.0 * 1) / 2);
  CHECK(message_of<InvalidArgument>([&] {
          loss({x, y, {1.0f, 1.0f}});
        }) ==
        "fit: batch 0: class_weight and sample_weight are both given; expected one of them. Multiply them into "
        "sample_weight.");
}

TEST_CASE("Options of arrays raise with a dataset, and impossible numbers of threads do") {
  Sequential model = identity();
  Slices slices(some({4, 1}, 1), some({4, 1}, 2));
  const auto message = [&](FitOptions options) {
    return message_of<InvalidArgument>([&] { model.fit(slices, options); });
  };
  CHECK(message({.batch_size = 2}) ==
        "fit: batch_size is given with a dataset; expected it with arrays only. A dataset makes batches itself.");
  CHECK(message({.validation_split = 0.1}) ==
        "fit: validation_split is given with a dataset; expected it with arrays only. Pass a validation_dataset.");
  CHECK(message({.sample_weight = {1.0f}}) ==
        "fit: sample_weight is given with a dataset; expected it with arrays only. Return {x, y, sample_weight} from "
        "get_batch.");
  CHECK(
      message({.bucket_by_length = true}) ==
      "fit: bucket_by_length is given with a dataset; expected it with arrays only. Make such batches in the dataset.");
  CHECK(message({.validation_data = {slices.x, slices.y}, .validation_dataset = &slices}) ==
        "fit: validation_data and validation_dataset are both given; expected one of them. Leave one out.");
  CHECK(message({.validation_dataset = &slices, .validation_batch_size = 3}) ==
        "fit: validation_batch_size is given with a dataset; expected it with arrays only. A dataset makes batches "
        "itself.");
  CHECK(message({.workers = -1}) ==
        "fit: workers is -1; expected 0 to 1024, a number of threads. 1 makes the batches in the calling thread.");
  CHECK(message({.max_queue_size = 0}) ==
        "fit: max_queue_size is 0; expected 1 to 1000000, the batches to make ahead. 10 is usual.");
  CHECK(message_of<InvalidArgument>([&] { model.fit(std::shared_ptr<Slices>()); }) ==
        "fit: the dataset is null; expected a dataset. Give an object, or a pointer to one.");
  CHECK(message_of<InvalidArgument>([&] { model.evaluate(slices, {.batch_size = 2}); }) ==
        "evaluate: batch_size is given with a dataset; expected it with arrays only. A dataset makes batches itself.");
  CHECK(message_of<InvalidArgument>([&] { model.predict(slices, {.batch_size = 2}); }) ==
        "predict: batch_size is given with a dataset; expected it with arrays only. A dataset makes batches itself.");
}

TEST_CASE("Training on a dataset resumes to the same bits") {
  const testing::TemporaryFolder folder;
  std::ofstream file(folder / "train.tsv");
  for (int i = 0; i < 50; ++i)
    file << (i % 3 == 0 ? "long\t" : "short\t") << std::string(1 + static_cast<std::size_t>(i % 7), 'x') << '\n';
  file.close();
  data::TextLines lines(folder / "train.tsv",
                        {.batch_size = 8, .shuffle_buffer = 20, .seed = 3, .labels = {"short", "long"}});
  auto lengths = data::map(lines, [](data::Batch batch) -> data::Batch {
    xt::xtensor<float, 2> x = xt::xtensor<float, 2>::from_shape({static_cast<std::size_t>(batch.x.length()), 3});
    for (std::size_t i = 0; i < x.shape()[0]; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        x(i, k) = static_cast<float>(static_cast<const std::string_view*>(batch.x.data())[i].size()) /
                  static_cast<float>(k + 1);
      }
    }
    return {x, batch.y};
  });
  Sequential whole = noisy_model();
  whole.fit(lengths, {.epochs = 4, .verbose = 0, .workers = 2});
  const auto backup = callbacks::BackupAndRestore(folder / "backup", {.delete_checkpoint = false});
  Sequential first = noisy_model();
  first.fit(lengths, {.epochs = 2, .verbose = 0, .callbacks = backup});
  Sequential second = noisy_model();
  set_random_seed(99);
  second.fit(lengths, {.epochs = 4, .verbose = 0, .callbacks = backup, .workers = 3});
  CHECK(weights_of(second) == weights_of(whole));
}

TEST_CASE("Weights in batches count as those of arrays do") {
  const xt::xtensor<float, 2> x{{1}, {2}, {3}}, y{{0}, {0}, {0}};
  const std::vector<float> weights{1, 0, 2};
  Sequential model = identity();
  One dataset([&](std::int64_t) -> data::Batch { return {x, y, weights}; }, 1);
  const double expected = model.evaluate(x, y, {.verbose = 0, .sample_weight = weights})["loss"];
  CHECK(model.evaluate(dataset, {.verbose = 0})["loss"] == expected);
  CHECK(model.fit(dataset, {.verbose = 0})["loss"][0] == expected);
}

TEST_CASE("A model of a fixed batch takes batches of that size only") {
  Sequential model{LSTM(2, {.stateful = true}), Dense(1)};
  model.build({2, 3, 1});
  model.compile("sgd", "mse");
  One dataset(
      [](std::int64_t i) -> data::Batch {
        const auto rows = static_cast<std::size_t>(2 - i);
        return {xt::xarray<float>(xt::ones<float>({rows, std::size_t{3}, std::size_t{1}})),
                xt::xarray<float>(xt::ones<float>({rows, std::size_t{1}}))};
      },
      2);
  CHECK(message_of<InvalidInput>([&] { model.fit(dataset, {.verbose = 0, .shuffle = false}); }) ==
        "fit: batch 1: x has 1 samples; expected 2, the batch that the model was built with. Pass whole batches.");
  CHECK(model.predict(dataset, {.steps = 1}).shape()[0] == 2);
}

TEST_CASE("The progress of fit knows the number of batches after the first pass") {
  Sequential model = identity();
  One endless(
      [](std::int64_t i) -> data::Batch {
        if (i == 3) return {};
        return {{{1.0f}}, {{0.0f}}};
      },
      data::unknown);
  DatasetBatches batches("fit", model, endless, {.continues = true});
  CHECK_FALSE(batches.size());
  batches.begin_epoch(0, 1);
  while (batches.next()) {
  }
  batches.end_epoch();
  CHECK(batches.size() == 3);
  CHECK(DatasetBatches("fit", model, endless, {.steps = 2}).size() == 2);
}

TEST_CASE("Early stopping on a dataset restores weights, and its threads end") {
  Sequential model = noisy_model();
  Slices slices(x18, y18), held_out(x18, y18);
  const History history = model.fit(
      slices, {.epochs = 30,
               .verbose = 0,
               .callbacks = callbacks::EarlyStopping({.monitor = "val_loss", .min_delta = 10.0, .patience = 1}),
               .validation_dataset = held_out,
               .workers = 3});
  CHECK(history["loss"].size() == 2);
}
