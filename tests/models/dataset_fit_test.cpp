// Training on datasets: bits, threads, order and steps.
#include <algorithm>

#include "catch.hpp"
#include "support/captured.hpp"
#include "support/datasets.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

namespace {

const Tensor x18 = some({18, 3}, 1), y18 = some({18, 1}, 2);

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
